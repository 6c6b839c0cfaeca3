accelerate launch --num_processes 2 examples/scripts/online_dpo.py \
  --model_name_or_path base --dataset_name texts --output_dir out \
  --lr_scheduler_type linear --warmup_steps 5 --per_device_train_batch_size 4 --gradient_accumulation_steps 2
