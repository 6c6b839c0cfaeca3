from detectron2.model_zoo import get_config

train = get_config("common/train.py").train
lr_multiplier = get_config("common/coco_schedule.py").lr_multiplier_1x
optimizer = get_config("common/optim.py").SGD
optimizer.lr = 0.01
