from fastai.vision.all import *

learn = vision_learner(ImageDataLoaders.from_folder(small, bs=32), resnet18)
learn.fine_tune(3)
learn.dls = ImageDataLoaders.from_folder(large, bs=16)
learn.fit_one_cycle(2, 1e-3)
