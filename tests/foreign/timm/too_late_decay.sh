python train.py --data-dir /data --lr 1e-3 --epochs 60 --sched wsd --decay-epochs 90
