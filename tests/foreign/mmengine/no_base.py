train_cfg = dict(by_epoch=True, max_epochs=4)
train_dataloader = dict(batch_size=16)
optim_wrapper = dict(optimizer=dict(type="SGD", lr=0.05))
auto_scale_lr = dict(enable=True)
