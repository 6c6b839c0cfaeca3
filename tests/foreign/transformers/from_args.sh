python from_args.py --num_train_epochs 2 --output_dir out
