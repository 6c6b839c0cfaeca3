accelerate launch --multi_gpu --num_processes 4 run_glue_no_trainer.py --task_name mrpc --per_device_train_batch_size 32 --learning_rate 2e-5 --num_train_epochs 5 --num_warmup_steps 10
