from fastai.vision.all import *

if __name__ == "__main__":
    dls = ImageDataLoaders.from_folder(path, bs=64)
    learn = Learner(dls, model, cbs=[GradientAccumulation(n_acc=200), SaveModelCallback()])
    learn.fit_one_cycle(2, 1e-3, cbs=EarlyStoppingCallback(patience=2))
    learn.fit_one_cycle(3, 1e-4)
