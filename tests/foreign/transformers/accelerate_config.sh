accelerate launch --config_file two_machines.yaml tune.py --output_dir out --num_train_epochs 1 --warmup_steps 0.05 \
  --per_device_train_batch_size 4 --gradient_accumulation_steps 2 --learning_rate 1e-4 --lr_scheduler_type cosine
