accelerate launch sdxl_train_network.py --learning_rate=1e-4 --unet_lr=3e-4 --lr_scheduler=cosine_with_min_lr \
  --lr_scheduler_min_lr_ratio=0.1 --lr_warmup_steps=0.1 --max_train_epochs=8 --gradient_accumulation_steps=4
