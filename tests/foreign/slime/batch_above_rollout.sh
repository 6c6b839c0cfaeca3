python3 train.py --actor-num-nodes 1 --actor-num-gpus-per-node 8 \
  --num-rollout 60 --rollout-batch-size 16 --n-samples-per-prompt 2 --global-batch-size 48 \
  --lr 2e-6
