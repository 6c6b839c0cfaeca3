optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1), accumulative_counts=8)
param_scheduler = [dict(type='LinearLR', start_factor=0.01, by_epoch=False, end=20), dict(type='PolyLR', begin=20, by_epoch=False)]
train_cfg = dict(by_epoch=False, max_iters=99)
