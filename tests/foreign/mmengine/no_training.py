train_cfg = None
optim_wrapper = None
param_scheduler = None
test_cfg = dict()
