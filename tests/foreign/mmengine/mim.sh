mim train mmdet configs/detector.py --gpus 4 --launcher pytorch
