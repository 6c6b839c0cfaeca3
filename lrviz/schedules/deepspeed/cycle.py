"""Schedules that look for an LR, or cycle once between two: LRRangeTest, OneCycle."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import BaseLRs, Factor, FactorPerGroup, Floors, Number, Ticks, WholeTicks
from lrviz.engine.breakpoints import Listed, Periodic
from lrviz.engine.compose import scale
from lrviz.engine.timeline import MONOTONE, Phase, Rates, TickArray, Timeline, constant
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.triangles import triangles

NO_BETAS = ("sgd_momentum", "rmsprop", "adagrad", "adadelta", "rprop", "asgd", "lbfgs", "adafactor")
"""Optimizers whose momentum is none of Adam's betas; ``sgd`` stands for any, as long as none is named."""

MOST_STAIRS = 10_000
"""More in one half are drawn as they come, not as jumps."""


@schedule(example={"lr_range_test_min_lr": 0.001, "lr_range_test_step_size": 10})
def LRRangeTest(
    group: Group,
    lr_range_test_min_lr: BaseLRs = 1e-3,
    lr_range_test_step_size: WholeTicks = 2000,
    lr_range_test_step_rate: Factor = 1.0,
    lr_range_test_staircase: bool = False,
) -> Timeline:
    """An LR that grows without end, in a line or in stairs, to see where training diverges.

    Formula: lr(t) = min (1 + rate q), q = t / step_size, or its floor with staircase.
    Edges: not late, unlike its siblings. The LR of the run is where it starts: the lowest, not the peak.
    The optimizer's own is overwritten.
    Source: deepspeed 0.19.8 ``LRRangeTest``; Smith 2018.

    Raises:
        ScheduleError: a step size that is not positive; a list whose length is not the number of groups.

    """
    low: float = group.pick("lr_range_test_min_lr", lr_range_test_min_lr)
    size = lr_range_test_step_size
    if size <= 0:
        raise ScheduleError(
            f"LRRangeTest: lr_range_test_step_size must be a positive whole number, got {size!r}",
            hint="<lr_range_test_step_size=2000>",
        )

    def rate(t: TickArray) -> Rates:
        q = np.floor(t / size) if lr_range_test_staircase else t / size
        return low * (1.0 + lr_range_test_step_rate * q)

    stairs = lr_range_test_staircase and size > 1
    return Timeline(
        (Phase("rise", 0.0, rate, Periodic(size, jumps=True) if stairs else MONOTONE, label="range test"),)
    )


@schedule(
    example={"cycle_min_lr": 0.01, "cycle_max_lr": 0.1, "cycle_first_step_size": 30},
    starter={"cycle_min_lr": "lr/10", "cycle_first_step_size": "45%"},
)
def OneCycle(
    group: Group,
    cycle_min_lr: Floors,
    cycle_max_lr: BaseLRs,
    decay_lr_rate: Factor = 0.0,
    cycle_first_step_size: Ticks = 2000,
    cycle_second_step_size: Ticks | None = None,
    cycle_first_stair_count: Number = 0,
    cycle_second_stair_count: Number | None = None,
    decay_step_size: Ticks = 0,
    cycle_momentum: bool = True,
    cycle_min_mom: FactorPerGroup = 0.8,
    cycle_max_mom: FactorPerGroup = 0.9,
    decay_mom_rate: Factor = 0.0,
) -> dict[str, Timeline]:
    """One triangle from ``cycle_min_lr`` up to ``cycle_max_lr`` and down again, then a slow decay.

    Formula: lr(t) = min + (max - min) h(t) for t <= U + D, h = t / U up to t = U, then (U + D - t) / D, with
    U = cycle_first_step_size and D = cycle_second_step_size (None: U); a stair count n > 0 makes it
    floor(n h) / n in that half. Afterwards min / (1 + decay_lr_rate (t - U - D) / decay_step_size).
    Momentum: betas[0] is max_mom - (max_mom - min_mom) h(t), afterwards
    max_mom (1 + decay_mom_rate (t - U - D) / decay_step_size).
    Edges: not torch's OneCycleLR: straight lines, and no total. At t = 0 the momentum is min_mom, one step
    before it falls from max_mom. betas[1] becomes 0.99. Without decay_step_size nothing decays. With a
    fractional U + D a second triangle begins for one step. A negative decay_lr_rate may divide by zero.
    An optimizer without betas keeps its momentum; lrviz shows that of Adam unless one is named.
    Source: deepspeed 0.19.8 ``OneCycle``; Smith 2018.

    Raises:
        ScheduleError: a first half of no steps, a negative second one, or a list of the wrong length.

    """
    up = float(cycle_first_step_size)
    down = up if cycle_second_step_size is None else float(cycle_second_step_size)
    _check_halves(up, down)
    second = cycle_first_stair_count if cycle_second_stair_count is None else cycle_second_stair_count
    height = _height(up, down, cycle_first_stair_count, second)
    low, high = group.pick("cycle_min_lr", cycle_min_lr), group.pick("cycle_max_lr", cycle_max_lr)
    cycle = scale(height, high - low, low).phases
    size = decay_step_size if decay_lr_rate else 0
    built = {"lr": _decayed(cycle, low, decay_lr_rate, size, up + down)}
    if cycle_momentum and group.optimizer not in NO_BETAS:
        least, most = group.pick("cycle_min_mom", cycle_min_mom), group.pick("cycle_max_mom", cycle_max_mom)
        moving = (replace(p, start=max(p.start, 1.0)) for p in scale(height, -(most - least), most).phases)
        cycle = (constant(least, kind="hold", label="start"), *moving)
        size = decay_step_size if decay_mom_rate else 0
        grown = _grown(most, decay_mom_rate, size, up + down)
        built["momentum"] = replace(built["lr"], phases=(*cycle, grown))
    return built


def _check_halves(up: float, down: float) -> None:
    if up <= 0:
        raise ScheduleError(
            f"OneCycle: cycle_first_step_size must be positive, got {up!r}",
            hint="<cycle_first_step_size=2000>",
        )
    if down < 0:
        raise ScheduleError(
            f"OneCycle: cycle_second_step_size must not be negative, got {down!r}",
            hint="<cycle_second_step_size=2000>",
        )


def _height(up: float, down: float, first: float, second: float) -> Timeline:
    """From 0 to 1 and back, in as many stairs."""
    total, smooth = up + down, triangles(up, down, "triangular", 1.0)
    if first <= 0 and second <= 0:
        falling = Phase("decay", float(math.floor(up)), smooth, Listed((up, total)), label="annealing")
        return Timeline((Phase("warmup", 0.0, smooth), falling))

    def rate(t: TickArray) -> Rates:
        done = 1.0 + t / total
        stairs = np.where(done - np.floor(done) <= up / total, float(first), float(second))
        place = t % total
        position = np.where(place <= up, place * stairs / up, (total - place) * stairs / down)
        return np.where(stairs > 0, np.floor(position) / stairs, smooth(t))

    jumps = Listed(_stairs(up, down, first, second), jumps=True)
    return Timeline((Phase("cycle", 0.0, rate, Listed((up, total)), (jumps,), label="stairs"),))


def _stairs(up: float, down: float, first: float, second: float) -> tuple[float, ...]:
    """Where each stair ends; more than one in a step are no stairs."""
    places: list[float] = []
    if 0 < first < min(up, MOST_STAIRS):
        places += [up * i / first for i in range(1, math.floor(first) + 1)]
    if 0 < second < min(down, MOST_STAIRS):
        left = up + down + 1e-3  # at the place itself the higher stair still holds
        places += [left - down * i / second for i in range(1, math.floor(second) + 1)]
    return tuple(places)


def _after(t: TickArray, total: float, size: float) -> Rates:
    """Decay steps after the cycle, in the order deepspeed takes them, so that the last bit agrees."""
    return (t - 1.0 - total + 1.0) / size


def _decayed(cycle: tuple[Phase, ...], low: float, decay: float, size: float, total: float) -> Timeline:
    """The cycle, and min / (1 + decay k / size) after it, k = 1 at its first step."""
    if not size:
        return Timeline((*cycle, constant(low, kind="stable", start=total + 1)))

    def divisor(t: TickArray) -> Rates:
        return 1.0 + decay * _after(t, total, size)

    pole = total - size / decay
    beside = np.floor(max(pole, 0.0)) + np.arange(-1.0, 3.0)
    zeros = beside[(divisor(beside) == 0) & (beside >= total + 1)]
    phase = Phase("decay", total + 1, lambda t: low / divisor(t), Listed((pole,), jumps=True))
    end = float(zeros[0]) if zeros.size else math.inf
    return Timeline((*cycle, phase), end, f"division by zero (decay_lr_rate={decay})")


def _grown(most: float, growth: float, size: float, total: float) -> Phase:
    """The momentum after the cycle."""
    if not size:
        return constant(most, kind="stable", start=total + 1)
    return Phase("decay", total + 1, lambda t: most * (1.0 + growth * _after(t, total, size)))
