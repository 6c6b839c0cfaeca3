accelerate launch --num_processes 1 train_network.py --network_module networks.lora --max_train_steps 100 \
  --learning_rate 1e-4 --network_train_unet_only --lr_scheduler warmup_stable_decay --lr_decay_steps 50 \
  --lr_scheduler_args decay_type="'linear'"
