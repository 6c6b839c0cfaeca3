train_cfg = dict(by_epoch=True, max_epochs=6, val_interval=1)
train_dataloader = dict(batch_size=10)
optim_wrapper = dict(optimizer=dict(type="SGD", lr=0.2))
param_scheduler = dict(type="ReduceOnPlateauLR", monitor="loss", patience=0, factor=0.5)
