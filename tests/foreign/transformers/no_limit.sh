python tune.py --output_dir out --max_steps 0 --num_train_epochs 2 --per_device_train_batch_size 4
