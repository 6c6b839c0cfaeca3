accelerate launch --num_processes 2 open_instruct/finetune.py --learning_rate 1e-4 --max_train_steps 100 --warmup_ratio 0.1 --final_lr_ratio 0.2 --lr_scheduler_type linear --output_dir o
