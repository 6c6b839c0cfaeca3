yolo task=classify mode=train model=yolo11n-cls.pt data=x epochs=10 batch=24 device=0,1,2,3 fraction=0.5 optimizer=Adam lr0=1e-3 cos_lr=True
