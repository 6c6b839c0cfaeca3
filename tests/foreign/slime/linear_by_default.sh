ROLLOUT=(--num-rollout 100 --rollout-batch-size 128 --n-samples-per-prompt 8)
python3 train.py ${ROLLOUT[@]} --global-batch-size 1024
