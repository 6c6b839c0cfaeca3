python train.py --max_iters=1000
