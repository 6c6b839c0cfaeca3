accelerate launch --num_processes 2 examples/scripts/prm.py \
  --model_name_or_path base --dataset_name texts --output_dir out \
  --lr_scheduler_type linear --gradient_accumulation_steps 2 --num_train_epochs 1
