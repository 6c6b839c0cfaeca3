last = 40000
train_cfg = dict(type="IterBasedTrainLoop", max_iters=last)
train_dataloader = dict(batch_size=2, sampler=dict(type="InfiniteSampler"))
adam = dict(type="AdamW", lr=6e-5)
optim_wrapper = dict(optimizer=adam, paramwise_cfg=dict(custom_keys={"head": dict(lr_mult=10.0)}))
param_scheduler = [
    dict(type="LinearLR", start_factor=1e-6, by_epoch=False, begin=0, end=1500),
    dict(type="PolyLR", power=1.0, eta_min=0.0, by_epoch=False, begin=1500, end=last),
]
