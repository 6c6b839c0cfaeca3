python train.py --data-dir /data --model resnet50 --sched cosine --warmup-epochs 2.5 --lr 0.1
