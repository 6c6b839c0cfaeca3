from mmengine.config import Config
from mmengine.runner import Runner

cfg = Config.fromfile("accumulate.py")
cfg.optim_wrapper.optimizer.lr = 0.8 / 8
cfg.optim_wrapper.accumulative_counts = 1
cfg.param_scheduler = [dict(type="MultiStepLR", milestones=[1], gamma=0.5)]
cfg.train_cfg.max_epochs = 2
Runner.from_cfg(cfg).train()
