python tune.py --output_dir out --max_steps 400 --warmup_steps 100 --learning_rate 5e-4 --lr_scheduler_type inverse_sqrt
