yolo detect train model=yolo11n.pt data=coco8.yaml epochs=40 batch=8 lr0=0.005 lrf=0.1 optimizer=SGD warmup_epochs=0 time=None
