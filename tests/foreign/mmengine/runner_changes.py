from mmengine.config import Config
from mmengine.runner import Runner

cfg = Config.fromfile("accumulate.py")
cfg.merge_from_dict(options)
Runner.from_cfg(cfg).train()
