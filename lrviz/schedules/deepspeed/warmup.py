"""Schedules that begin with a warmup: WarmupLR, WarmupDecayLR, WarmupCosineLR."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import BaseLRs, Factor, FloorRate, Floors, PerGroup, Total, WholeWarmup
from lrviz.engine.breakpoints import Listed
from lrviz.engine.timeline import Formula, Phase, Rates, TickArray, Timeline, constant
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.cosine import cos01

Rise = Literal["log", "linear"]


def _warmup_steps(schedule: str, warmup_num_steps: int) -> int:
    if warmup_num_steps <= 0:
        raise ScheduleError(
            f"{schedule}: warmup_num_steps must be a positive whole number, got {warmup_num_steps!r}",
            hint="<warmup_num_steps=1000>",
        )
    return max(2, warmup_num_steps)


def _risen(W: int, warmup_type: str) -> Formula:
    """From 0 at updates 0 and 1 to 1."""
    if warmup_type == "linear":
        return lambda t: np.maximum(t - 1.0, 0.0) / W
    inverse = 1.0 / math.log(W)
    return lambda t: inverse * np.log(np.maximum(t, 1.0))


def _warmed(low: float, delta: float, W: int, warmup_type: str) -> Phase:
    rise = _risen(W, warmup_type)
    return Phase("warmup", 0.0, lambda t: low + delta * rise(t))


@schedule(example={"warmup_num_steps": 20})
def WarmupLR(
    group: Group,
    warmup_min_lr: PerGroup = 0.0,
    warmup_max_lr: BaseLRs | None = None,
    warmup_num_steps: WholeWarmup = 1000,
    warmup_type: Rise | str = "log",
) -> Timeline:
    """A warmup from ``warmup_min_lr`` to ``warmup_max_lr``, which then holds.

    Formula: lr(t) = min + (max - min) g(t - 1), with W = max(2, warmup_num_steps) and i = t - 1; g is
    ln(i + 1) / ln(W) (log) or i / W (linear) for i < W, then 1. lr(0) = min.
    Edges: late by one: updates 0 and 1 both use min. The log is the default: steep at first, it is at max
    from t = W on, linear from t = W + 1 on. An unknown warmup_type is taken for log, with a warning.
    Without warmup_max_lr it rises to the optimizer's LR.
    Source: deepspeed 0.19.8 ``WarmupLR``.

    Raises:
        ScheduleError: ``warmup_num_steps`` is not positive; a list whose length is not the number of groups.

    """
    W = _warmup_steps("WarmupLR", warmup_num_steps)
    low, delta = _bounds(group, warmup_min_lr, warmup_max_lr)
    stable = constant(low + delta * 1.0, kind="stable", start=W + 1)
    return Timeline((_warmed(low, delta, W, warmup_type), stable))


def _bounds(
    group: Group, low: float | tuple[float, ...], high: float | tuple[float, ...] | None
) -> tuple[float, float]:
    """The group's lower LR, and how far above it the upper one is."""
    least = group.pick("warmup_min_lr", low)
    return least, (group.lr if high is None else group.pick("warmup_max_lr", high)) - least


@schedule(example={"total_num_steps": 100, "warmup_max_lr": 0.1, "warmup_num_steps": 20})
def WarmupDecayLR(
    group: Group,
    total_num_steps: Total,
    warmup_min_lr: Floors = 0.0,
    warmup_max_lr: BaseLRs | None = 0.001,
    warmup_num_steps: WholeWarmup = 1000,
    warmup_type: Rise | str = "log",
) -> Timeline:
    """The warmup of WarmupLR, then a straight line down to ``warmup_min_lr``.

    Formula: as WarmupLR for i = t - 1 < W; then lr(t) = min + (max - min) max(0, (T - i) / max(1, T - W)),
    T = total_num_steps.
    Edges: late by one: min is reached at t = T + 1, after the run. A total below W is accepted with a
    warning: the warmup runs, then the LR falls to min at once. The optimizer's LR is overwritten, by 0.001
    where no warmup_max_lr is given.
    Source: deepspeed 0.19.8 ``WarmupDecayLR``.

    Raises:
        ScheduleError: ``warmup_num_steps`` is not positive; a list whose length is not the number of groups.

    """
    T, W = total_num_steps, _warmup_steps("WarmupDecayLR", warmup_num_steps)
    low, delta = _bounds(group, warmup_min_lr, warmup_max_lr)

    def rate(t: TickArray) -> Rates:
        return low + delta * np.maximum(0.0, (T - (t - 1.0)) / max(1.0, T - W))

    return Timeline((_warmed(low, delta, W, warmup_type), Phase("decay", W + 1, rate)))


@schedule(example={"total_num_steps": 100, "warmup_num_steps": 20, "cos_min_ratio": 0.1})
def WarmupCosineLR(
    group: Group,
    total_num_steps: Total,
    warmup_min_ratio: Factor = 0.0,
    warmup_num_steps: WholeWarmup = 1000,
    cos_min_ratio: FloorRate = 0.0001,
    warmup_type: Rise | str = "log",
) -> Timeline:
    """A warmup from ``warmup_min_ratio`` of the LR to the LR, then half a cosine to ``cos_min_ratio`` of it.

    Formula: lr(t) = B (m + (1 - m) g(t - 1)) for t <= W, m = warmup_min_ratio, g and W as in WarmupLR; then
    B max(0, r + (1 - r) (1 + cos(pi u)) / 2), u = min(1, (t - W) / max(1, T - W)), r = cos_min_ratio.
    Edges: lr(0) = 0, whatever warmup_min_ratio is. The warmup is late by one, the cosine is not: with a
    linear warmup B itself is never used, with the log it is at t = W. With T <= W the LR falls to r B.
    Source: deepspeed 0.19.8 ``WarmupCosineLR``.

    Raises:
        ScheduleError: ``warmup_num_steps`` is not positive.

    """
    B, m, T, r = group.lr, warmup_min_ratio, total_num_steps, cos_min_ratio
    W = _warmup_steps("WarmupCosineLR", warmup_num_steps)
    rise = _risen(W, warmup_type)

    def warming(t: TickArray) -> Rates:
        return np.where(t == 0, 0.0, B * (m + rise(t) * (1.0 - m)))

    def decaying(t: TickArray) -> Rates:
        u = np.minimum(1.0, (t - W) / max(1.0, T - W))
        return B * np.maximum(0.0, r + (1.0 - r) * cos01(u))

    leaps = abs(m) > 3.0 * abs((1.0 - m) * float(rise(np.array(2.0))))  # more than it rises in a step
    warmup = Phase("warmup", 0.0, warming, Listed((1.0,), jumps=leaps))
    return Timeline((warmup, Phase("decay", W + 1, decaying, label="cosine decay")))
