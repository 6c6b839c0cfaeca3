python run_clm.py --output_dir out --num_train_epochs 2 --per_device_train_batch_size 8 --warmup_steps 30 --warmup_ratio 0.1 \
  --learning_rate 1e-4 --lr_scheduler_type cosine
