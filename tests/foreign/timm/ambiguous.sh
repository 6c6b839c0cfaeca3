python train.py --data-dir /data --sched cosine --lr 0.1 --warmup 3
