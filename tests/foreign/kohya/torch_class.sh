accelerate launch --num_processes 1 flux_train_network.py --learning_rate 1e-4 --network_train_unet_only \
  --lr_scheduler_type CosineAnnealingLR --lr_scheduler_args "T_max=100" "eta_min=1e-6" --max_train_steps 200
