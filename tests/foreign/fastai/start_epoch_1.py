from fastai.vision import *

learn = cnn_learner(ImageDataBunch.from_folder("x", bs=32), models.resnet34)
learn.fit_one_cycle(5, 1e-3, start_epoch=2)
