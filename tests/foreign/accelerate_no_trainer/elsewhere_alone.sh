python train_elsewhere.py --per_device_train_batch_size 8 --max_train_steps 100 --num_warmup_steps 8
