torchrun --nproc_per_node 8 pretrain_gpt.py --micro-batch-size 2 --global-batch-size 64 --train-iters 100 --lr 1e-3 \
    --step-batch-size-schedule "0:64 10K:128"
