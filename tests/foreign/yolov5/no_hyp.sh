python train.py --hyp hyp.mine.yaml --data coco128.yaml --epochs 3
