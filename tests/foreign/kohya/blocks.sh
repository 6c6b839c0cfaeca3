accelerate launch --num_processes 1 train_network.py --network_module networks.lora --max_train_steps 100 \
  --learning_rate 1e-4 --network_train_unet_only --lr_scheduler linear \
  --network_args down_lr_weight=sine up_lr_weight=0,0,1 block_lr_zero_threshold=0.1
