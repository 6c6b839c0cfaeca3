python train.py /data --model resnet50 -b 64 --epochs 20 --sched cosine --lr 0 --lr-base 0.4
