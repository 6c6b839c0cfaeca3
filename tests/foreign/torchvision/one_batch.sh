python references/detection/train.py --data-path coco --model retinanet_resnet50_fpn --epochs 5 -b 8 --lr-steps 2 4
