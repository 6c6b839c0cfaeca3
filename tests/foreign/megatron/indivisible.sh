python pretrain_gpt.py --train-iters 1000 --lr 1e-3 --global-batch-size 100 --micro-batch-size 3 --tensor-model-parallel-size 2
