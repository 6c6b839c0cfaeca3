"""Driven by a metric: ReduceOnPlateauLR."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import ByEpoch, Factor, Floor, Number, PerGroup, Text, Ticks, Total
from lrviz.engine.chain import KEEP, Chainable, Pairs
from lrviz.engine.timeline import TickArray
from lrviz.errors import ScheduleError
from lrviz.schedules.mmengine.window import FOREVER, Window
from lrviz.schedules.shapes.plateau import better, reductions, reported, stairs


@dataclass(frozen=True)
class Reducer(Chainable):
    """A scheduler that acts at the ticks ``at`` only, after all others, where it lowers the LR it finds."""

    at: tuple[int, ...] = ()
    lower: Callable[[float], float] = float


@schedule(example={"patience": 5, "factor": 0.5})
def ReduceOnPlateauLR(
    group: Group,
    monitor: Text = "loss",
    rule: Literal["less", "greater"] = "less",
    factor: Factor = 0.1,
    patience: Ticks = 10,
    threshold: Number = 1e-4,
    threshold_rule: Literal["rel", "abs"] = "rel",
    cooldown: Ticks = 0,
    min_value: Floor | PerGroup = 0.0,
    eps: Number = 1e-8,
    begin: Ticks = 0,
    end: Total = FOREVER,
    by_epoch: ByEpoch = True,
) -> Reducer:
    """Multiply the LR by ``factor`` when the metric has not improved for more than ``patience`` reports.

    Formula: a report m is better than the best if m < best (1 - threshold) (less, rel), m > best (1 +
    threshold) (greater, rel), m < best - threshold or m > best + threshold (abs); otherwise it is bad. In a
    cooldown bad reports do not count. After more than ``patience`` bad ones lr = max(lr factor, min_value) if
    that lowers it by more than ``eps``, and a cooldown begins.
    Edges: the best starts at 1e9, or -1e9 for greater: no report beyond is ever better. The report after
    epoch t comes at step t + 1, and counts where begin <= t + 1 < end. In a list it acts after all others.
    Source: mmengine 0.10.7 ``ReduceOnPlateauParamScheduler``.

    Raises:
        ScheduleError: no metrics, ``by_epoch`` is false, ``factor`` of 1 or more, a negative threshold, an
        empty window, or min_value's length is not the number of groups.

    """
    if factor >= 1:
        raise ScheduleError(f"ReduceOnPlateauLR: factor must be below 1, got {factor!r}", hint="<factor=0.1>")
    if threshold < 0:
        raise ScheduleError(
            f"ReduceOnPlateauLR: threshold must not be negative, got {threshold!r}", hint="<threshold=1e-4>"
        )
    if not by_epoch:
        raise ScheduleError("ReduceOnPlateauLR counts epochs only", hint="leave by_epoch out")
    place = Window(begin, end, by_epoch).place()
    lowest = group.pick("min_value", min_value)
    metrics = reported(group, "ReduceOnPlateauLR")
    mode, first = ("min", 1e9) if rule == "less" else ("max", -1e9)
    unseen = max(place.start - 1, 0)
    seen = metrics[unseen : max(unseen, math.ceil(place.end) - 1)]
    is_better = better(mode, threshold_rule, threshold)
    at = tuple(unseen + tick for tick in reductions(seen, is_better, first, patience, cooldown))

    def lower(lr: float) -> float:
        new = max(lr * factor, lowest)
        return new if lr - new > eps else lr

    levels = [group.lr]
    for _ in at:
        levels.append(lower(levels[-1]))
    alone = stairs(group.lr, list(zip(at, levels[1:], strict=True)), len(metrics))
    return Reducer(alone, KEEP, _kept, KEEP, at=at, lower=lower)


def _kept(k: TickArray) -> Pairs:
    return [(np.ones(k.shape), np.zeros(k.shape))]
