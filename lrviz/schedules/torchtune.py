"""Torchtune: the schedule of its fine-tuning recipes, 0.6.1.

A LambdaLR over the optimizer update t.
"""

from __future__ import annotations

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import START, Framework, schedule
from lrviz.catalogue.roles import Number, Total, Warmup
from lrviz.engine.timeline import Timeline
from lrviz.schedules.transformers import formulas

FRAMEWORK = Framework("torchtune", "0.6.1", inert={"last_epoch": START})


@schedule(example={"num_warmup_steps": 10, "num_training_steps": 100})
def get_cosine_schedule_with_warmup(
    group: Group, num_warmup_steps: Warmup, num_training_steps: Total, num_cycles: Number = 0.5
) -> Timeline:
    """A linear warmup from 0, then a cosine wave; 0.5 cycles are half a wave, B to 0.

    Formula: lr(t) = B t / max(1, W) for t < W, then B max(0, (1 + cos(2 pi num_cycles p)) / 2),
    p = (t - W) / max(1, T - W).
    Edges: the same numbers as transformers' cosine: not clamped after T, it rises again.
    Source: torchtune 0.6.1 ``get_cosine_schedule_with_warmup``.
    """
    return formulas.cosine(group, num_warmup_steps, num_training_steps, num_cycles)
