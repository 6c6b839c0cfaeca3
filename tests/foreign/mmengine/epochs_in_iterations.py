train_cfg = dict(type="IterBasedTrainLoop", max_iters=900)
train_dataloader = dict(batch_size=4, sampler=dict(type="InfiniteSampler"))
optim_wrapper = dict(optimizer=dict(type="SGD", lr=0.1), accumulative_counts=2)
param_scheduler = [
    dict(type="LinearLR", start_factor=0.1, by_epoch=False, end=100),
    dict(type="MultiStepLR", milestones=[6, 8], end=9),
]
