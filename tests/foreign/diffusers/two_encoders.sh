python train_dreambooth_lora_flux.py --instance_data_dir pics --max_train_steps 10 --train_text_encoder \
  --lr_scheduler constant --lr_warmup_steps 3
