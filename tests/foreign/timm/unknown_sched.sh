python train.py --data-dir /data --lr 1e-3 --sched cosin
