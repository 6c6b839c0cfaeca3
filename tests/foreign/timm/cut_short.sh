python train.py --data-dir /data --sched cosine --lr 0.1 --epochs 20 --warmup-ep 3 --cool 2 --batch=50
