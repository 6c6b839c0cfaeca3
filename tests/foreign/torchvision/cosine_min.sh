python train.py --data-path data --epochs 12 --lr 0.5 --lr-scheduler CosineAnnealingLR --lr-min 0.01 --lr-warmup-epochs 12 --lr-warmup-method linear
