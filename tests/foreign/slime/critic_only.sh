python3 train.py --actor-num-nodes 1 --actor-num-gpus-per-node 8 \
  --num-rollout 100 --rollout-batch-size 16 --n-samples-per-prompt 8 --num-steps-per-rollout 2 \
  --lr 1e-6 --lr-decay-style cosine --lr-warmup-iters 10 --advantage-estimator ppo --num-critic-only-steps 20
