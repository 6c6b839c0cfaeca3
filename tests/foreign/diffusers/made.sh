accelerate launch --num_processes 2 train_made.py --dataset_name texts --max_train_steps 1000
