from detectron2.config import get_cfg
from detectron2.engine import DefaultTrainer


class Trainer(DefaultTrainer):
    @classmethod
    def build_lr_scheduler(cls, cfg, optimizer):
        return Own(optimizer)


cfg = get_cfg()
cfg.SOLVER.MAX_ITER = 10
Trainer(cfg).train()
