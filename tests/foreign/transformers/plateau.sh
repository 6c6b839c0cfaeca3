python tune.py --output_dir out --num_train_epochs 3 --lr_scheduler_type reduce_lr_on_plateau
