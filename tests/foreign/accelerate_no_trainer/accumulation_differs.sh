accelerate launch --config_file deepspeed.yaml run_glue_no_trainer.py --per_device_train_batch_size 8 --learning_rate 2e-5 --num_train_epochs 3 --num_warmup_steps 10
