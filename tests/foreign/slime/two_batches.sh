python3 train.py --num-rollout 50 --rollout-batch-size 64 --num-steps-per-rollout 4 --global-batch-size 32
