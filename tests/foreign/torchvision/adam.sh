python train.py --data-path /data --model resnet18 --opt adam --lr 1e-3
