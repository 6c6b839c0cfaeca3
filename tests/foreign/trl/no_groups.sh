trl rloo --num_processes 1 --output_dir out --per_device_train_batch_size 3 --gradient_accumulation_steps 1
