from detectron2 import model_zoo
from detectron2.config import get_cfg
from detectron2.engine import DefaultTrainer

FILE = "COCO-InstanceSegmentation/mask_rcnn_R_50_FPN_3x.yaml"
ITERATIONS = 100
cfg = get_cfg()
cfg.merge_from_file(model_zoo.get_config_file(FILE))
cfg.SOLVER.IMS_PER_BATCH = 2
cfg.SOLVER.MAX_ITER = 3 * ITERATIONS
DefaultTrainer(cfg).train()
