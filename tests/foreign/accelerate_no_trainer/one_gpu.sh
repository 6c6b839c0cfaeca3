python run_glue_no_trainer.py --task_name sst2 --per_device_train_batch_size 32 --gradient_accumulation_steps 2 \
  --num_train_epochs 2 --learning_rate 3e-5 --lr_scheduler_type cosine_with_restarts --num_warmup_steps 20
