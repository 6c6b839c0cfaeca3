torchrun --nproc_per_node=2 train.py --data-dir /data/food --model resnet50 -b 64 --grad-accum-steps 4 --lr-base 0.1 \
  --epochs 12 --warmup-epochs 2 --warmup-prefix --cooldown-epochs 3 --sched-on-updates --warmup-lr 1e-4
