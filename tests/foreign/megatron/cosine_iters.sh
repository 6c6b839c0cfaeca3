#!/bin/bash
LR=3.0e-4
MODEL=(--num-layers 24 --hidden-size 2048 --seq-length 4096 --tensor-model-parallel-size 2)
SCHEDULE=(
    --train-iters 12000
    --lr $LR --min-lr 3.0e-5
    --lr-decay-style cosine --lr-warmup-iters 600
)
torchrun --nnodes 2 --nproc_per_node 8 pretrain_gpt.py "${MODEL[@]}" ${SCHEDULE[@]} \
    --micro-batch-size 2 --global-batch-size 256 --weight-decay 0.1 --bf16
