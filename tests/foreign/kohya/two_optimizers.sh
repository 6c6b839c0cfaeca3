accelerate launch --num_processes 1 train_network.py --network_module networks.lora --use_8bit_adam \
    --optimizer_type AdamW8bit --learning_rate 1e-4 --max_train_steps 400
