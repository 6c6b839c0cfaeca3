accelerate launch --config_file tensor_parallel.yaml tune.py --output_dir out --num_train_epochs 1 --per_device_train_batch_size 4
