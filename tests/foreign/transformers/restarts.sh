python tune.py --output_dir out --streaming --max_steps 330 --warmup_steps 30 --learning_rate 2e-4 \
  --lr_scheduler_type cosine_with_restarts --lr_scheduler_kwargs '{"num_cycles": "3"}'
