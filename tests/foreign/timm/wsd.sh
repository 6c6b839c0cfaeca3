torchrun --nproc-per-node 2 train.py --data-dir /data --sched wsd --lr 1e-3 --epochs 40 --warmup-lr 0 --aug-repeats 3
