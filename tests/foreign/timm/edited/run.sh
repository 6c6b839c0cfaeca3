python train.py --data-dir /data --sched cosine --lr 0.1 --epochs 20 --warmup-epochs 3
