"""What schedules that move on a metric share: the reports, when one is better, the stairs they make."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lrviz.engine.breakpoints import Listed
from lrviz.engine.timeline import Phase, Timeline
from lrviz.errors import MissingMetricError

if TYPE_CHECKING:
    from lrviz.catalogue.group import Group


def reported(group: Group, schedule: str) -> Sequence[float]:
    """The metrics of the run.

    Raises:
        MissingMetricError: none were given.

    """
    if group.metrics is None:
        raise MissingMetricError(
            f"{schedule} moves on a metric, and none was given",
            hint="<metrics=FILE.csv:column>, or <metric=noisy> to see it move",
        )
    return group.metrics


def worst(mode: str) -> float:
    """What any report is better than."""
    return math.inf if mode == "min" else -math.inf


def better(mode: str, threshold_mode: str, threshold: float) -> Callable[[float, float], bool]:
    """Whether a report beats the best one: by a share of it (rel) or by a distance (abs)."""
    if mode == "min":
        if threshold_mode == "rel":
            return lambda m, best: m < best * (1.0 - threshold)
        return lambda m, best: m < best - threshold
    if threshold_mode == "rel":
        return lambda m, best: m > best * (1.0 + threshold)
    return lambda m, best: m > best + threshold


def reductions(
    metrics: Sequence[float],
    is_better: Callable[[float, float], bool],
    best: float,
    patience: float,
    cooldown: float,
) -> list[int]:
    """The ticks at which the LR is to be lowered: report t acts on update t + 1."""
    bad, cooling, ticks = 0, 0.0, []
    for t, metric in enumerate(metrics):
        if is_better(metric, best):
            best, bad = metric, 0
        else:
            bad += 1
        if cooling > 0:
            cooling, bad = cooling - 1, 0
        if bad > patience:
            ticks.append(t + 1)
            cooling, bad = cooldown, 0
    return ticks


def stairs(
    first: float, changes: Sequence[tuple[int, float]], reports: int, label: str = "plateau"
) -> Timeline:
    """The LR ``first``, then each (tick, LR) from its tick on; refused once the metrics run out."""
    ticks = np.array([float(tick) for tick, _ in changes])
    levels = np.array([first, *(lr for _, lr in changes)])
    turns = Listed(tuple(ticks.tolist()), jumps=True)
    phase = Phase("decay", 0.0, lambda t: levels[np.searchsorted(ticks, t, side="right")], turns, label=label)
    return Timeline((phase,), reports + 1.0, f"only {reports} metrics were given", gives_out=True)
