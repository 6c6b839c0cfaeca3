from fastai.vision.all import ImageDataLoaders, resnet18, vision_learner

dls = ImageDataLoaders.from_name_func(".", [], str.isupper, bs=64)
learn = vision_learner(dls, resnet18)
learn.fine_tune(3, base_lr=4e-3)
