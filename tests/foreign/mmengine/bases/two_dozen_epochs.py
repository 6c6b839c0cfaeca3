optim_wrapper = dict(optimizer=dict(type="SGD", lr=0.02, momentum=0.9))
auto_scale_lr = dict(base_batch_size=16, enable=False)
train_cfg = dict(max_epochs=24, type="EpochBasedTrainLoop")
param_scheduler = [
    dict(type="LinearLR", start_factor=0.01, begin=0, end=400, by_epoch=False),
    dict(type="MultiStepLR", milestones=[16, 22], gamma=0.1, begin=0, end=24),
]
