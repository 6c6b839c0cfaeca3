train_cfg = dict(by_epoch=True, max_epochs=4)
train_dataloader = dict(batch_size=16)
optim_wrapper = dict(
    generator=dict(optimizer=dict(type="Adam", lr=2e-4)), critic=dict(optimizer=dict(type="Adam", lr=1e-4))
)
