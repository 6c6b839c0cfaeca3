train_cfg = dict(type="EpochBasedTrainLoop", max_epochs=3)
train_dataloader = dict(batch_size=4)
optim_wrapper = dict(type="OptimWrapper", optimizer=dict(type="SGD", lr=0.01))
param_scheduler = None
default_hooks = dict(
    param_scheduler=dict(type="YOLOv5ParamSchedulerHook", scheduler_type="linear", lr_factor=0.01, max_epochs=3)
)
