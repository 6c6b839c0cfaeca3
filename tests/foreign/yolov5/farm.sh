python train.py --data farm.yaml --weights yolov5s.pt --hyp hyp.farm.yaml --epochs 30 --batch-size 64 --cos-lr
