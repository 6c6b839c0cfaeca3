python train.py d --model resnet50 --sched cosine --lr 0.4 --epochs 10 --warmup-epochs 2 --warmup-prefix -b 10
