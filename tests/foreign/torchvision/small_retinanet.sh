python references/detection/train.py --data-path data --model retinanet_resnet50_fpn --epochs 4 --lr 0.01 --lr-scheduler cosineannealinglr
