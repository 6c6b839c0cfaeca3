torchrun --nproc_per_node=8 train.py /data/imagenet \
  --model vit_small_patch16_224 --opt adamw --lr-base 5e-4 --lr-base-size 512 \
  -b 192 --grad-accum-steps 2 --epochs 100 --warmup-epochs 10 --sched cosine --min-lr 1e-6
