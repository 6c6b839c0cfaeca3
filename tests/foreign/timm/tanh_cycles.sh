python train.py --data-dir /data --sched tanh --lr 0.1 --epochs 5 --warmup-epochs 2 --lr-cycle-limit 2 --lr-cycle-mul 2 \
  --sched-on-updates --cooldown-epochs 1 -b 100
