train_cfg = dict(type="EpochBasedTrainLoop", max_epochs=3)
train_dataloader = dict(batch_size=4)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="SGD", lr=0.01))
param_scheduler = dict(type="ExponentialLR", gamma=0.9, by_epoch=True)
default_hooks = dict(param_scheduler=dict(type="ParamSchedulerHook"))
custom_hooks = [dict(type="EMAHook", momentum=0.1)]
