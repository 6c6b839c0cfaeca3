torchrun --nproc_per_node=8 train.py --data-path data --dataset coco --model fasterrcnn_resnet50_fpn --lr-steps 16 22
