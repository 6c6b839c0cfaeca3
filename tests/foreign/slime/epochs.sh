python3 train.py --num-epoch 3 --rollout-batch-size 64 --n-samples-per-prompt 8 --lr-decay-style constant
