accelerate launch --num_processes 2 run_clm_no_trainer.py --lr_scheduler_type linear --num_warmup_steps 4 --num_train_epochs 1 --per_device_train_batch_size 8 --learning_rate 1e-3
