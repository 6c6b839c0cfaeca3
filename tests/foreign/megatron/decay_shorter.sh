torchrun --nproc_per_node 8 pretrain_gpt.py --micro-batch-size 1 --global-batch-size 64 --train-iters 1000 --lr-decay-iters 800 \
    --lr-warmup-fraction 0.01 --lr 1e-3 --min-lr 1e-4 --exit-interval 900
