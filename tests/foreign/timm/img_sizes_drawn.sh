python train.py data/x --model resnet50 -b 64 --epochs 20 --lr-base 1e-3 --sched none --train-img-sizes 160 224 --train-batch-sizes 256 128
