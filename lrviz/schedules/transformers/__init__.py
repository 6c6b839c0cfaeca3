"""Transformers: every name of ``get_scheduler``, 5.23.0.

The formulas are a LambdaLR over the optimizer update t: lr = B * f(t), B being the param group's LR,
in float64. ``optimizer.defaults["lr"]`` is the LR of the first group. Its trainer steps the scheduler
after each update, and those that move on a metric after each evaluation.
"""

from lrviz.catalogue.registry import START, Framework

FRAMEWORK = Framework(
    "transformers", "5.23.0", kwargs="scheduler_specific_kwargs", inert={"last_epoch": START}
)
