python -m torch.distributed.run --nproc_per_node 4 classify/train.py --model yolov5s-cls.pt --data imagenette160 --epochs 5 --img 224
