train_cfg = dict(by_epoch=True, max_epochs=2)
train_dataloader = dict(batch_size=16, drop_last=True)
optim_wrapper = dict(optimizer=dict(type="AdamW", lr=3e-4))
