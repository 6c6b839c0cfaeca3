python tune.py --output_dir out --gradient_accumulation_steps 2 --num_train_epochs 0
