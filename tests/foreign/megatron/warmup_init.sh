python pretrain_gpt.py --train-iters 1000 --lr 1e-3 --global-batch-size 96 --micro-batch-size 3 --lr-warmup-init 1
