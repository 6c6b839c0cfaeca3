python train.py --workers 8 --device 0 --batch-size 16 --data data/coco.yaml --cfg cfg/training/yolov7.yaml --weights '' --name yolov7 --hyp data/hyp.scratch.p5.yaml --epochs 30 --linear-lr
