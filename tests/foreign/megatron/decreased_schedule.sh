torchrun --nproc_per_node=4 pretrain_gpt.py --micro-batch-size 2 --train-samples 6000 --step-batch-size-schedule '0:8 1000:16' --decrease-batch-size-if-needed --lr 1e-3
