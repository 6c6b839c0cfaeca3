python classify/train.py --model yolov5m-cls.pt --data cifar100 --batch 128 --lr0 0.01
