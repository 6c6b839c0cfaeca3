python train.py data-bin --task masked_lm --arch roberta_base --lr-scheduler polynomial_decay --lr 0.0005 \
    --warmup-updates 1000 --total-num-update 12500 --max-update 15000 --max-sentences 16
