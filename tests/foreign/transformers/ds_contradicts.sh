deepspeed --num_gpus 2 tune.py --deepspeed ds_warmup.json --output_dir out --num_train_epochs 2 --per_device_train_batch_size 4 --learning_rate 2e-3 --lr_scheduler_type cosine --warmup_steps 10
