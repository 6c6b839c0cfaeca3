from fastai.vision import *
from fastai.callbacks import SaveModelCallback

data = ImageDataBunch.from_folder("x", valid_pct=0.2, size=224)
learn = cnn_learner(data, models.resnet34, metrics=accuracy)
learn.fit_one_cycle(3)
learn.unfreeze()
learn.fit_one_cycle(2, max_lr=slice(1e-6, 2e-4), div_factor=10, moms=(0.9, 0.8), wd=0.1)
