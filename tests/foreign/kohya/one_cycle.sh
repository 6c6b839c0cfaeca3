accelerate launch --num_processes 1 train_network.py --unet_lr 1e-5 --lr_scheduler_type torch.optim.lr_scheduler.OneCycleLR \
  --lr_scheduler_args max_lr=1e-3 total_steps=100 --max_train_steps 100
