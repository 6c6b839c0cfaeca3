from fastai.vision.all import *

learn = Learner(dls, model, cbs=ReduceLROnPlateau(patience=1))
learn.fit_one_cycle(1, 1e-3)
learn.fit(9, 1e-3)
