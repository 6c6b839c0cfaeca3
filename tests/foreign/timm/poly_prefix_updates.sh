python train.py d --opt sgd -b 16 --lr .4 --sched poly --epochs 30 --warmup-epochs 3 --warmup-lr 1e-3 --decay-rate .5 --min-lr 1e-4 --sched-on-updates --warmup-prefix
