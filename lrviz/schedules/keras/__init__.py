"""Keras: LearningRateSchedule classes, gradient accumulation and callbacks, 3.15.1.

A schedule is called with ``optimizer.iterations``, which is t at update t, and computes in the type of its
initial learning rate: float32, in the order of the source, the step included. A Python int makes that int32:
what is cast to it, a decay rate of 0.96 or a pi, loses its fraction. The callbacks act once per epoch on the
optimizer's float32 variable.
"""

from __future__ import annotations

from lrviz.catalogue.registry import Framework

FRAMEWORK = Framework("keras", "3.15.1", optimizer=False, dtypes=("float32",))
