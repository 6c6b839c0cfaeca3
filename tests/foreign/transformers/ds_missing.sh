python tune.py --output_dir out --max_steps 100 --num_train_epochs 1 --deepspeed configs/zero3.json
