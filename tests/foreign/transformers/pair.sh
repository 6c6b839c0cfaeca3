python tune.py --output_dir out --gradient_accumulation_steps 2 --max_steps 9 --lr_scheduler_kwargs num_cycles=2
