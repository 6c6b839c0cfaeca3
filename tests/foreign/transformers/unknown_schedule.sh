python tune.py --output_dir out --gradient_accumulation_steps 2 --lr_scheduler_type wsd
