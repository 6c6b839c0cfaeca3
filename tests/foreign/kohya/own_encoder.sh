accelerate launch train_db.py --learning_rate 1e-5 --learning_rate_te 2e-6 --max_train_steps 500
