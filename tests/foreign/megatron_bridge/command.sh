torchrun --nproc_per_node 2 pretrain.py --config-file beneath.yaml train.train_iters=100
