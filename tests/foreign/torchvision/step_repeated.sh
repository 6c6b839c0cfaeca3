torchrun --nproc_per_node=2 train.py --data-path data --ra-sampler --ra-reps 4 --epochs 40 -b 64 --lr-step-size 15
