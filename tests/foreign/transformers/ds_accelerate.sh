accelerate launch --config_file ds_accelerate.yaml tune.py --output_dir out --num_train_epochs 2 --per_device_train_batch_size 4 --learning_rate 1e-3 --lr_scheduler_type cosine --warmup_steps 10
