torchrun --nnodes 2 --nproc_per_node 8 pretrain_gpt.py --tensor-model-parallel-size 2 --micro-batch-size 1 \
    --train-iters 2000 --lr 1e-3 --min-lr 1e-4 --lr-warmup-init 1e-5 --lr-warmup-iters 200 \
    --lr-decay-style inverse-square-root
