python3 train.py --num-rollout 50 --rollout-batch-size 64 --n-samples-per-prompt 8 --num-steps-per-rollout 4 \
    --lr 2e-6 --min-lr 2e-7 --lr-decay-style cosine --lr-warmup-iters 20
