python scaled_after_parsing.py --output_dir out --max_steps 1000 --per_device_train_batch_size 4
