python train.py --max_iters=20 --min_lr=0
