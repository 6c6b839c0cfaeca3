trl dpo --model_name_or_path our-org/base --dataset_name our-org/pairs --output_dir out --warmup_steps 10 \
  --lr_scheduler_type cosine --num_train_epochs 1 --per_device_train_batch_size 2 --gradient_accumulation_steps 4
