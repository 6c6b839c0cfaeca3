accelerate launch --num_processes 4 run_wav2vec2_pretraining_no_trainer.py --per_device_train_batch_size 8 --gradient_accumulation_steps 2 --num_train_epochs 2 --num_warmup_steps 4
