_base_ = []
optimizer = dict(type='SGD', lr=0.01)
lr_config = dict(policy='step', warmup='linear', warmup_iters=10, warmup_ratio=0.1, step=[4])
runner = dict(type='EpochBasedRunner', max_epochs=6)
