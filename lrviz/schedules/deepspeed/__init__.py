"""DeepSpeed: the schedulers of a config's ``scheduler`` section, 0.19.8.

A step is an optimizer update, after its accumulation. The constructor sets the first LR, and the first
step() makes iteration 0 of it: update t sees iteration t - 1, so most curves are late by one. Computed in
float64.
"""

from __future__ import annotations

from lrviz.catalogue.registry import START, Framework

FRAMEWORK = Framework("deepspeed", "0.19.8", inert={"last_batch_iteration": START})
