train_cfg = dict(by_epoch=True, max_epochs=4)
train_dataloader = dict(batch_size=16)
optim_wrapper = dict(optimizer=dict(type="SGD", lr=0.05, momentum=0.9))
param_scheduler = [
    dict(type="LinearParamScheduler", param_name="lr", start_factor=0.25, by_epoch=False, end=40),
    dict(type="CosineAnnealingMomentum", eta_min=0.85),
    dict(type="CosineAnnealingParamScheduler", param_name="weight_decay", eta_min=0.2),
    dict(type="mmpretrain.CosineAnnealingWeightDecay", eta_min=0.2),
    dict(type="ExponentialLR", gamma=0.5, begin=1),
]
