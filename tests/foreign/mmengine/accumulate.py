batches = 250
train_cfg = dict(by_epoch=True, max_epochs=10)
train_dataloader = dict(batch_size=8)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="SGD", lr=0.1), accumulative_counts=4)
param_scheduler = [
    dict(type="LinearLR", by_epoch=False, start_factor=0.1, end=200),
    dict(type="CosineAnnealingLR", by_epoch=False, begin=200, T_max=10 * batches - 200, eta_min=1e-5),
]
