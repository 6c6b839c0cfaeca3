python train.py --data-path data --model fcn_resnet50 -b 4 --epochs 3
