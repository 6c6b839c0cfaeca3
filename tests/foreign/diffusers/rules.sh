accelerate launch train_controlnet.py --dataset_name pics --lr_scheduler piecewise_constant --max_train_steps 10
