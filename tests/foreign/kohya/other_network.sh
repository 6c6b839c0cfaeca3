accelerate launch --num_processes 1 train_network.py --network_module lycoris.kohya --max_train_steps 100 \
  --learning_rate 1e-4 --lr_scheduler linear --network_args algo=lokr loraplus_lr_ratio=16
