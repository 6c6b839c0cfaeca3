accelerate launch sdxl_train.py --learning_rate 0 --train_text_encoder --learning_rate_te1 1e-6 --learning_rate_te2 2e-6 --lr_scheduler linear --max_train_steps 500
