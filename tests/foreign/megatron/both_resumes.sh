torchrun --nproc_per_node=4 pretrain_gpt.py --micro-batch-size 2 --train-iters 600 --override-opt_param-scheduler --use-checkpoint-opt_param-scheduler --lr 1e-3
