python train.py data/x --model resnet50 -b 64 --epochs 20 --lr-base 1e-3 --sched none --grad-accum-steps 0
