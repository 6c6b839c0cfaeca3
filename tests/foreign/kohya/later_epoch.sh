accelerate launch train_network.py --network_module networks.lora --learning_rate 1e-4 --lr_scheduler cosine --max_train_epochs 10 --initial_epoch 4
