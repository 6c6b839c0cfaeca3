python train.py /data --model resnet50 --lr 0.01 -b 64 --epochs 90 --warmup-epochs 5 --opt sgd
