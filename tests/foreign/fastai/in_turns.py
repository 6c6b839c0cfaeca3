from fastai.vision.all import *

dls = ImageDataLoaders.from_folder(path, bs=50)
learn = vision_learner(dls, resnet18)


def go_on(epochs, lr=2e-3):
    for _ in range(2):
        learn.fit_one_cycle(epochs, lr)


go_on(1)
learn.unfreeze()
for lr, epochs in [(1e-3, 2), (1e-4, 1)]:
    learn.fit(epochs, lr)
go_on(epochs=2, lr=1e-4)
if False:
    learn.fine_tune(9)
