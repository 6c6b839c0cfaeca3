torchrun --nproc_per_node 3 train.py --data coco128.yaml --weights yolov5s.pt --batch-size 16
