torchrun --nproc_per_node=4 train.py --data-path data --model vit_b_16 --epochs 100 --batch-size 256 --opt adamw --lr 0.003 \
  --lr-scheduler cosineannealinglr --lr-warmup-method linear --lr-warmup-epochs 10 --lr-warmup-decay 0.033 --amp --mixup-alpha 0.2
