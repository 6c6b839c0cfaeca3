python tune.py --output_dir out --max_steps 0 --num_train_epochs 3 --warmup_steps 0.5
