torchrun --nproc_per_node 8 pretrain_gpt.py --tensor-model-parallel-size 2 --micro-batch-size 4 \
    --global-batch-size 64 --train-iters 1000 --lr 1e-3 --min-lr 1e-5 --lr-warmup-iters 50 \
    --lr-decay-iters 900 --lr-decay-style WSD --lr-wsd-decay-iters 200 --lr-wsd-decay-style minus_sqrt \
    --start-weight-decay 0.01 --end-weight-decay 0.1 --weight-decay-incr-style cosine
