"""Driven by a metric: ReduceLROnPlateau."""

from __future__ import annotations

from typing import Literal

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Factor, Floor, Number, PerGroup, Ticks
from lrviz.engine.timeline import Timeline
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.plateau import better, reductions, reported, stairs, worst


@schedule(example={"patience": 5}, aliases=("plateau",))
def ReduceLROnPlateau(
    group: Group,
    mode: Literal["min", "max"] = "min",
    factor: Factor = 0.1,
    patience: Ticks = 10,
    threshold: Number = 1e-4,
    threshold_mode: Literal["rel", "abs"] = "rel",
    cooldown: Ticks = 0,
    min_lr: Floor | PerGroup = 0.0,
    eps: Number = 1e-8,
) -> Timeline:
    """Multiply the LR by ``factor`` when the metric has not improved for more than ``patience`` reports.

    Formula: a report m is better than the best if m < best (1 - threshold) (min, rel), m > best (1 +
    threshold) (max, rel), m < best - threshold or m > best + threshold (abs); otherwise it is bad. In a
    cooldown bad reports do not count. After more than ``patience`` bad ones lr = max(lr factor, min_lr) if
    that lowers it by more than ``eps``, and a cooldown begins.
    Edges: the first report is always better, so a flat metric first acts after patience + 2 reports. nan is
    bad. With a negative best, rel moves the wrong way. An LR of 1e-8 is never reduced with the default eps.
    Source: torch 2.13.0 ``ReduceLROnPlateau``.

    Raises:
        ScheduleError: no metrics, ``factor`` of 1 or more, or min_lr's length is not the number of groups.

    """
    if factor >= 1:
        raise ScheduleError(f"ReduceLROnPlateau: factor must be below 1, got {factor!r}", hint="<factor=0.1>")
    lowest = group.pick("min_lr", min_lr)
    metrics = reported(group, "ReduceLROnPlateau")
    changes, lr = [], group.lr
    for tick in reductions(metrics, better(mode, threshold_mode, threshold), worst(mode), patience, cooldown):
        lower = max(lr * factor, lowest)
        if lr - lower > eps:
            lr = lower
            changes.append((tick, lr))
    return stairs(group.lr, changes, len(metrics))
