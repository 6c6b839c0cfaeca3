torchrun --nproc_per_node $GPUS pretrain_gpt.py --micro-batch-size 2 --train-samples 100000 --lr 1e-3
