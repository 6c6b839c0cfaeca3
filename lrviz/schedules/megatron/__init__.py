"""Megatron-core: the one scheduler of its training loop, 0.19.2.

It counts samples: every update moves it by those of a global batch, ``increment``. It overwrites the
optimizer's LR and weight decay; a param group may hold bounds of its own for both. Computed in float64.
"""

from __future__ import annotations

from lrviz.catalogue.registry import Framework

FRAMEWORK = Framework(
    "megatron",
    "0.19.2",
    optimizer=False,
    group_keys=("max_lr", "min_lr", "start_wd", "end_wd", "wd_mult"),
)
