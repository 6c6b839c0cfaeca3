python train.py --data-path data --model deeplabv3_resnet50 --aux-loss --epochs 5 --lr-warmup-epochs 1
