python train.py --data-dir /data --lr 1e-3 --epochs 3 --layer-decay 0.6 --model vit_tiny_patch16_224
