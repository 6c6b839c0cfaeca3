./distributed_train.sh 2 /data/imagenet --model efficientnet_b2 -b 128 --sched step --epochs 30 --warmup-epochs 4 \
  --warmup-prefix --decay-epochs 2.4 --decay-rate .97 --opt rmsproptf --warmup-lr 1e-6 --lr .048 --cooldown-epochs 5
