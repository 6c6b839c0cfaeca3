from detectron2.config import get_cfg
from detectron2.engine import DefaultTrainer

for rate in (0.1, 0.2):
    cfg = get_cfg()
    cfg.SOLVER.BASE_LR = rate
    DefaultTrainer(cfg).train()
