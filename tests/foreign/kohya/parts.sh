accelerate launch --num_processes 1 train_network.py --dataset_config parts.toml --network_module networks.lora --max_train_epochs 3 --learning_rate 1e-4 --lr_scheduler cosine
