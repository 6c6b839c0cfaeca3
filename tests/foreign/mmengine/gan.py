optim_wrapper = dict(
    constructor='MultiOptimWrapperConstructor',
    generator=dict(type='OptimWrapper', optimizer=dict(type='Adam', lr=2e-4, betas=(0.5, 0.999))),
    discriminator=dict(type='OptimWrapper', optimizer=dict(type='Adam', lr=1e-4), accumulative_counts=2))
param_scheduler = dict(
    generator=[
        dict(type='LinearLR', start_factor=0.1, by_epoch=False, begin=0, end=100),
        dict(type='CosineAnnealingLR', by_epoch=False, begin=100, end=1001, T_max=901)],
    discriminator=dict(type='MultiStepLR', by_epoch=False, milestones=[500, 800], gamma=0.5))
train_cfg = dict(by_epoch=False, max_iters=1001)
train_dataloader = dict(batch_size=4)
