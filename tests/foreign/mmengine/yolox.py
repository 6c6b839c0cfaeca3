epochs, warm = 30, 5
train_cfg = dict(type="EpochBasedTrainLoop", max_epochs=epochs, val_interval=10, dynamic_intervals=[(25, 1)])
train_dataloader = dict(batch_size=8)
optim_wrapper = dict(optimizer=dict(type="SGD", lr=0.01), paramwise_cfg=dict(norm_decay_mult=0.0))
param_scheduler = [
    dict(type="mmdet.QuadraticWarmupLR", begin=0, end=warm, convert_to_iter_based=True),
    dict(
        type="CosineAnnealingLR", eta_min=0.0005, begin=warm, T_max=epochs - 3, end=epochs - 3, convert_to_iter_based=True
    ),
    dict(type="ConstantLR", factor=1, begin=epochs - 3, end=epochs),
]
