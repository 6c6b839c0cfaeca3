"""NeMo: the schedulers of its ``model.optim.sched``, 3.0.0.

Recursions in name only: each is a formula of the update t, and most share the warmup (t + 1) / (W + 1).
"""

from lrviz.catalogue.registry import START, Framework

FRAMEWORK = Framework("nemo", "3.0.0", inert={"last_epoch": START})
