"""SimpleTuner: the waves of its ``lr_scheduler``, 3.1.6.

Over the scheduler's steps, of which an update makes one for each process. Its other names are those of
diffusers, and ``cosine_with_restarts`` stays at the LR: its position in the cycle is always 0.
"""

from __future__ import annotations

import math

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import Framework, schedule
from lrviz.catalogue.roles import Floor, WholeTicks
from lrviz.engine.breakpoints import Periodic
from lrviz.engine.timeline import Phase, Rates, Timeline
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.cosine import half_waves

FRAMEWORK = Framework("simpletuner", "3.1.6")


def _cut(lr: Rates) -> Rates:
    """As it is written to the optimizer: whole billionths."""
    return np.floor(lr * 1e9) / 1e9


@schedule(example={"T_0": 25}, starter={"T_0": "10%"})
def Cosine(group: Group, T_0: WholeTicks, eta_min: Floor = 0.0) -> Timeline:
    """A cosine wave for ever, from B down to ``eta_min`` and up again.

    Formula: lr(t) = floor(1e9 (eta_min + (B - eta_min) (1 + cos(pi t / T_0)) / 2)) / 1e9.
    Edges: the trainer gives lr_warmup_steps as T_0, lr_end as eta_min: there is no warmup.
    It never restarts, but turns every T_0 steps. A T_0 of 0 or less is taken as 1000. LRs below 1e-9 are 0.
    Source: simpletuner 3.1.6 ``Cosine``.
    """
    B, half = group.lr, T_0 if T_0 > 0 else 1000
    wave = half_waves(half, monotone=False)
    return Timeline(
        (
            Phase(
                "cycle",
                0.0,
                lambda t: _cut(eta_min + (B - eta_min) * (1.0 + np.cos(math.pi * t / half)) / 2.0),
                wave,
                label="cosine",
            ),
        )
    )


@schedule(example={"T_0": 25}, starter={"T_0": "10%"})
def Sine(group: Group, T_0: WholeTicks, eta_min: Floor = 0.0) -> Timeline:
    """A sine wave for ever between ``eta_min`` and B, from the middle up.

    Formula: lr(t) = floor(1e9 (eta_min + (B - eta_min) (1 + sin(pi t / T_0)) / 2)) / 1e9.
    Edges: the trainer gives lr_warmup_steps as T_0, lr_end as eta_min: there is no warmup.
    It turns T_0 / 2 steps from the start and then every T_0 steps. LRs below 1e-9 are 0.
    Source: simpletuner 3.1.6 ``Sine``.

    Raises:
        ScheduleError: T_0 is not above 0.

    """
    if T_0 <= 0:
        raise ScheduleError(f"Sine: T_0 must be a positive whole number, got {T_0!r}", hint="<T_0=100>")
    B = group.lr
    return Timeline(
        (
            Phase(
                "cycle",
                0.0,
                lambda t: _cut(eta_min + (B - eta_min) * (0.5 * (1.0 + np.sin(math.pi * t / T_0)))),
                Periodic(T_0, start=-T_0 / 2, monotone=False),
                label="sine",
            ),
        )
    )
