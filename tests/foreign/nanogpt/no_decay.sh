python train.py --max_iters=20 --decay_lr=False --learning_rate=3e-5
