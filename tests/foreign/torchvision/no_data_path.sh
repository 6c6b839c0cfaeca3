python train.py --model resnet50 --lr-step-size 10
