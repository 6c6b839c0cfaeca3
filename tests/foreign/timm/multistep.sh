python train.py --data-dir /data --sched multistep --decay-milestones 6 9 --epochs 12 --warmup-epochs 0 --lr-base 0.2 --decay-rate 0.2 --seed 7
