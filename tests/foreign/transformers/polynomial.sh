python run_mlm.py --output_dir out --num_train_epochs 4 --per_device_train_batch_size 64 --warmup_steps 25 \
  --learning_rate 1e-4 --lr_scheduler_type polynomial --lr_scheduler_kwargs '{"lr_end": 2e-6, "power": 2.0}'
