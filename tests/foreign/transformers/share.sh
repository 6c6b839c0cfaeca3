python tune.py --output_dir out --max_steps 100 --warmup_steps 0.07 --learning_rate 1e-3 --lr_scheduler_type constant_with_warmup
