accelerate launch --use_deepspeed --num_processes 8 --gradient_accumulation_steps 2 run_clm_no_trainer.py --per_device_train_batch_size 4 \
  --gradient_accumulation_steps 4 --num_train_epochs 2 --learning_rate 2e-5 --num_warmup_steps 10 --lr_scheduler_type cosine
