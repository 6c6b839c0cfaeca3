"""Drops by a rate: StepLRScheduler, MultiStepLRScheduler."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Factor, InFront, Ticks
from lrviz.engine.breakpoints import Listed, Periodic
from lrviz.engine.timeline import MONOTONE, Phase, Rates, TickArray, Timeline
from lrviz.schedules.timm.shared import Main, Scheduler, Timed, overflow
from lrviz.schedules.timm.shared import power as powers


@schedule(
    example={"decay_t": 30, "decay_rate": 0.5, "warmup_t": 5, "warmup_prefix": False, "t_in_epochs": False},
    starter={"decay_t": "30%"},
)
def StepLRScheduler(
    group: Group,
    decay_t: Ticks,
    decay_rate: Factor = 1.0,
    warmup_prefix: InFront = True,
    *,
    shared: Timed,
) -> Timeline:
    """Multiply the LR by ``decay_rate`` every ``decay_t`` ticks, after a linear warmup.

    Formula: B decay_rate^(u // decay_t), u = t - warmup_t, or t without ``warmup_prefix``. Warmup, noise and
    lr_scale as CosineLRScheduler.
    Edges: decay_rate is 1 unless given: nothing decays. warmup_prefix is True, unlike in the cyclic
    schedulers. decay_t may be fractional; 0 divides by zero at the first tick behind the warmup. t_in_epochs:
    only step() moves it, else only step_update().
    Source: timm 1.0.31 ``StepLRScheduler``.

    Raises:
        ScheduleError: initialize=False.

    """
    timm = Scheduler("StepLRScheduler", group, shared, warmup_prefix)

    def rate(t: TickArray) -> Rates:
        value: Rates = group.lr * powers(decay_rate, np.floor_divide(t, float(decay_t)))
        return value

    def refused(t: TickArray) -> NDArray[np.bool_]:
        bad = ~np.isfinite(powers(decay_rate, np.floor_divide(t, float(decay_t))))
        return np.full(t.shape, True) if decay_t == 0 else bad

    stairs = Periodic(abs(float(decay_t)), jumps=True, monotone=decay_rate >= 0) if decay_t else MONOTONE
    grown = overflow(decay_rate, 1 if decay_t > 0 else -1) * abs(decay_t)
    why = (
        "integer division by zero (decay_t=0)" if decay_t == 0 else f"decay_rate={decay_rate} leaves float64"
    )
    return timm.timeline(
        Main((Phase("decay", 0.0, rate, stairs, label="step"),), refused, (grown, grown - abs(decay_t)), why)
    )


@schedule(
    example={
        "decay_t": (30, 80),
        "decay_rate": 0.5,
        "warmup_t": 5,
        "warmup_prefix": False,
        "t_in_epochs": False,
    },
    starter={"decay_t": "50%,75%"},
)
def MultiStepLRScheduler(
    group: Group,
    decay_t: tuple[Ticks, ...],
    decay_rate: Factor = 1.0,
    warmup_prefix: InFront = True,
    *,
    shared: Timed,
) -> Timeline:
    """Multiply the LR by ``decay_rate`` at each of ``decay_t``, one tick early, after a linear warmup.

    Formula: B decay_rate^n, n the number of decay_t up to u + 1, u = t - warmup_t, or t without
    ``warmup_prefix``. Warmup, noise and lr_scale as CosineLRScheduler.
    Edges: milestone 30 acts at u = 29. The first LR is B, whatever the milestones. decay_rate is 1 unless
    given: nothing decays. Milestones that do not ascend are searched as if they did. t_in_epochs: only step()
    moves it, else only step_update().
    Source: timm 1.0.31 ``MultiStepLRScheduler``.

    Raises:
        ScheduleError: initialize=False.

    """
    timm = Scheduler("MultiStepLRScheduler", group, shared, warmup_prefix)
    places = sorted({float(place) for place in decay_t})
    passed = np.array([0.0, *(bisect_right(decay_t, place) for place in places)])

    def rate(t: TickArray) -> Rates:
        value: Rates = group.lr * powers(decay_rate, passed[np.searchsorted(places, t + 1.0, side="right")])
        return value

    return timm.timeline(
        Main((Phase("decay", 0.0, rate, Listed(tuple(p - 1.0 for p in places), jumps=True), label="step"),))
    )
