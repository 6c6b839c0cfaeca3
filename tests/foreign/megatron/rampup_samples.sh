torchrun --nproc_per_node 8 pretrain_gpt.py --tensor-model-parallel-size 2 --micro-batch-size 2 \
    --global-batch-size 512 --rampup-batch-size 64 64 100000 --train-samples 600000 \
    --lr 3e-4 --min-lr 3e-5 --lr-decay-style cosine --lr-warmup-samples 30000
