accelerate launch sdxl_train.py --train_text_encoder --learning_rate 1e-5 --learning_rate_te1 2e-6 --learning_rate_te2 1e-5 --max_train_steps 500
