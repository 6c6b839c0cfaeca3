accelerate launch --num_processes 2 train_dreambooth_lora_sana.py --instance_data_dir pics --num_train_epochs 5 \
  --lr_scheduler linear --lr_warmup_steps 0
