python train.py --data-path /data --model resnet18 --lr-warmup-epochs 5 --lr-warmup-method Linear
