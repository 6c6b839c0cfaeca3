accelerate launch run_clm_no_trainer.py --per_device_train_batch_size 16 --max_train_steps 100 --num_warmup_steps 10 \
  --learning_rate 1e-3 --lr_scheduler_type cosine
