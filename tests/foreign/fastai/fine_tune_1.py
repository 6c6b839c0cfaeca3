from fastai.text import *

learn = text_classifier_learner(TextDataBunch.load("x"), AWD_LSTM)
learn.fine_tune(3)
