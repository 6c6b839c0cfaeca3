accelerate launch --num_processes 2 run_ner_no_trainer.py --per_device_train_batch_size 8 --gradient_accumulation_steps 4 --num_train_epochs 10 --num_warmup_steps 4
