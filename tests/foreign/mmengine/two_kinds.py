train_cfg = dict(type="IterBasedTrainLoop", by_epoch=True, max_iters=4)
optim_wrapper = dict(optimizer=dict(type="SGD", lr=0.05))
