accelerate launch --num_processes 1 train_network.py --network_module networks.lora --max_train_steps 100 \
  --learning_rate 1e-4 --unet_lr 2e-4 --text_encoder_lr 5e-5 --lr_scheduler linear \
  --network_args loraplus_lr_ratio=16 loraplus_text_encoder_lr_ratio=4
