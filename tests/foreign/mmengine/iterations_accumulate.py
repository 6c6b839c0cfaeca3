train_cfg = dict(by_epoch=False, max_iters=1002)
train_dataloader = dict(batch_size=4, sampler=dict(type="InfiniteSampler"))
optim_wrapper = dict(optimizer=dict(type="AdamW", lr=1e-3), accumulative_counts=4)
param_scheduler = [
    dict(type="LinearLR", start_factor=0.01, by_epoch=False, end=100),
    dict(type="MultiStepLR", milestones=[2, 3], end=4, convert_to_iter_based=True),
    dict(type="CosineAnnealingLR", by_epoch=False, begin=600, eta_min=1e-6),
]
