from fastai.vision.all import *

dls = ImageDataLoaders.from_folder(path, bs=64)
learn = Learner(dls, model)
learn.fit_one_cycle(1, 1e-3)
if args.longer:
    learn.fit_one_cycle(3, 1e-3)
