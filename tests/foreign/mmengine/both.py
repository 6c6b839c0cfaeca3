optim_wrapper = dict(
    a=dict(optimizer=dict(type='SGD', lr=0.1)),
    b=dict(optimizer=dict(type='SGD', lr=0.2)))
param_scheduler = [dict(type='PolyLR', eta_min=1e-4, power=0.9, by_epoch=False)]
train_cfg = dict(type='IterBasedTrainLoop', max_iters=90, val_interval=30)
