accelerate launch train_network.py --config_file float_warmup --lr_warmup_steps 100.0
