torchrun --nproc_per_node 8 pretrain_gpt.py --micro-batch-size 3 --global-batch-size 100 \
    --decrease-batch-size-if-needed --train-samples 50000 --lr 1e-3 --min-lr 1e-4 --decoupled-lr 5e-4 \
    --lr-decay-style WSD --lr-wsd-decay-samples 9000 --lr-warmup-fraction 0.05
