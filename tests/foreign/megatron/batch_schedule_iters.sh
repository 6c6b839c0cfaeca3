torchrun --nproc_per_node 8 pretrain_gpt.py --tensor-model-parallel-size 2 --micro-batch-size 2 --seq-length 2048 \
    --step-batch-size-schedule "0:16, 3.5M:64" --train-iters 800 --lr 2e-4 --min-lr 2e-5 --lr-warmup-iters 20
