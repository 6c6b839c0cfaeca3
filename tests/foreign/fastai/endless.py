from fastai.vision.all import *

dls = ImageDataLoaders.from_folder(path, bs=64)
learn = Learner(dls, model)
while learn.recorder.best < 0.9:
    learn.fit_one_cycle(1, 1e-3)
