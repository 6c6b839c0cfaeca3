accelerate launch train_mine.py --lr_warmup_steps 10 --lr_scheduler linear --dataset_name pics
