accelerate launch --num_processes 4 run_fim_no_trainer.py --per_device_train_batch_size 8 --gradient_accumulation_steps 2 --max_train_steps 100 --num_warmup_steps 8
