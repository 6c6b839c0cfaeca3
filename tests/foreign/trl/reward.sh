trl reward --accelerate_config zero2 --dataset_name our-org/pairs --output_dir out --num_train_epochs 1 --warmup_steps 2
