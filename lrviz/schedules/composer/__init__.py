"""Composer (mosaicml): the schedulers of composer.optim, 0.32.1.

A scheduler is a factor f of the run's timestamp and lr(t) = B f(t), B being the param group's LR; the trainer
takes it anew after every batch, its default for these schedulers. Durations are texts: 10ba, 2ep, 0.5dur.
"""

from lrviz.catalogue.registry import Framework

FRAMEWORK = Framework("composer", "0.32.1", unit="ba")
