torchrun --nproc_per_node 8 pretrain_gpt.py --micro-batch-size 1 --global-batch-size 64 --train-iters 100 --lr 1e-3 --start-weight-decay 0.01
