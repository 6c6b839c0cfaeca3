accelerate launch --num_processes 1 examples/scripts/ppo/ppo_tldr.py \
  --model_name_or_path base --dataset_name texts --output_dir out \
  --lr_scheduler_type linear --per_device_train_batch_size 8 --gradient_accumulation_steps 4 --num_train_epochs 2.5
