train_cfg = dict(by_epoch=True, max_epochs=4)
train_dataloader = dict(batch_size=16)
optim_wrapper = dict(optimizer=dict(type="SGD", lr=0.05))
param_scheduler = dict(type="mylab.CosineAnnealingWarmLR", T_max=4)
