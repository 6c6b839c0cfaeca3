accelerate launch train_network.py --lr_scheduler constant --lr_warmup_steps 50 --max_train_steps 500
