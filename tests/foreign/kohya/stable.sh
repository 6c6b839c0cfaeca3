accelerate launch --num_processes 2 sdxl_train.py --learning_rate 1e-5 --lr_scheduler warmup_stable_decay \
  --lr_warmup_steps 20 --lr_decay_steps 25% --max_train_steps 100
