torchrun --nproc_per_node 8 pretrain_gpt.py --tensor-model-parallel-size 2 --micro-batch-size 2 --seq-length 4096 \
    --step-batch-size-schedule "0:128 40M:256 120M:512" --train-samples 300000 \
    --lr 5e-4 --min-lr 5e-5 --lr-decay-style cosine --lr-warmup-samples 10000
