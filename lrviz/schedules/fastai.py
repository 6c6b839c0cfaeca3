"""Fastai: the one cycle of its ``Learner``, 2.8.12.

Over the updates of one ``fit``, from the share of it that is done. ``fit_flat_cos`` is
transformers.warmup_stable_decay without a warmup and with a min_lr_ratio of 1 / div_final; ``fit_sgdr`` is
torch.CosineAnnealingWarmRestarts, but that float32 may put a restart one update later; ``fine_tune`` are two
one cycles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import Framework, schedule
from lrviz.catalogue.roles import Factor, Number, Total, WarmupFraction
from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.checks import positive
from lrviz.schedules.shapes.cosine import cos01, half_waves
from lrviz.schedules.shapes.float32 import f32

if TYPE_CHECKING:
    from lrviz.engine.timeline import Kind

FRAMEWORK = Framework("fastai", "2.8.12")


@schedule(example={"total_steps": 100})
def fit_one_cycle(
    group: Group,
    total_steps: Total,
    div: Number = 25.0,
    div_final: Number = 1e5,
    pct_start: WarmupFraction = 0.25,
    moms: tuple[Factor, ...] = (0.95, 0.85, 0.95),
) -> dict[str, Timeline]:
    """Half a cosine up from B / ``div`` to B, another one down to B / ``div_final``.

    Formula: with x = t / total_steps, B / div + (B - B / div) (1 - cos(pi x / p)) / 2 for x < p = pct_start,
    then B / div_final + (B - B / div_final) (1 + cos(pi (x - p) / (1 - p))) / 2.
    Momentum: the same between the three of moms.
    Edges: the second cosine ends at t = total_steps, which no update has; that of torch's OneCycleLR ends one
    update earlier, at B / (div_factor final_div_factor). x / p is rounded to float32. total_steps are n_epoch
    times the batches of an epoch.
    Source: fastai 2.8.12 ``Learner.fit_one_cycle``.

    Raises:
        ScheduleError: pct_start is outside [0, 1], div or div_final is 0, or moms are not three.

    """
    B, T, p = group.lr, total_steps, pct_start
    if not 0 <= p <= 1:
        raise ScheduleError(
            f"fit_one_cycle: pct_start must be between 0 and 1, got {p!r}", hint="<pct_start=0.25>"
        )
    if div == 0 or div_final == 0:
        raise ScheduleError("fit_one_cycle: division by zero (div and div_final)", hint="<div=25>", step=0)
    if len(moms) != 3:
        raise ScheduleError(
            f"fit_one_cycle: moms are three numbers, got {moms!r}", hint="<moms=[0.95,0.85,0.95]>"
        )
    positive("fit_one_cycle", total_steps=T)
    levels = {"lr": (B / div, B, B / div_final), "momentum": moms}
    return {quantity: _cycle(*three, p, T) for quantity, three in levels.items()}


def _cycle(start: float, middle: float, end: float, p: float, T: float) -> Timeline:
    """Half a cosine from ``start`` to ``middle`` at the share ``p`` of T, another one to ``end`` at T."""
    turn, last = f32(p), f32(float(f32(p)) + float(f32(1.0 - p)))
    up = [_half("warmup", 0.0, T, (f32(0.0), turn), start, middle)] if p > 0 else []
    down = [_half("decay", T * p, T, (turn, last), middle, end)] if p < 1 else []
    return Timeline((*up, *down))


def _half(
    kind: Kind, at: float, T: float, shares: tuple[np.float32, np.float32], before: float, after: float
) -> Phase:
    """Half a cosine between two shares of T, beginning at tick ``at``."""
    first, last = shares

    def rate(t: TickArray) -> Rates:
        u = ((t / T).astype(f32) - first) / (last - first)
        return after + (before - after) * cos01(u.astype(np.float64))

    return Phase(kind, at, rate, half_waves(T * float(last - first), at), label="cosine")
