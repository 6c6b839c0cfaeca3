accelerate launch --num_processes 2 run_clm_no_trainer.py --per_device_train_batch_size 8 --max_steps 100
