python train.py --data-dir /data --dataset tfds/flowers --epoch-repeats 2 --workers 3 \
  --sched rsqrt --opt adan --epochs 20 --sched-on-updates --warmup-epochs 2 --decay-epochs 4
