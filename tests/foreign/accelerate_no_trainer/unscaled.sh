accelerate launch --num_processes 4 train_unscaled.py --per_device_train_batch_size 8 --gradient_accumulation_steps 2 --num_warmup_steps 8 --max_train_steps 100 --learning_rate 1e-3
