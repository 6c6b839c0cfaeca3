torchrun --nproc_per_node 2 train.py --img 640 --batch 16 --epochs 10 --data coco128.yaml --weights yolov5s.pt --hyp data/hyps/hyp.VOC.yaml
