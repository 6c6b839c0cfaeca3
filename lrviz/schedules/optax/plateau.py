"""Moved by a metric: contrib.reduce_on_plateau."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Factor, Number, Ticks
from lrviz.engine.timeline import Timeline
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.plateau import reported, stairs


@schedule(name="contrib.reduce_on_plateau", example={"patience": 5})
def reduce_on_plateau(
    group: Group,
    factor: Factor = 0.1,
    patience: Ticks = 10,
    rtol: Factor = 1e-4,
    atol: Number = 0.0,
    cooldown: Ticks = 0,
    accumulation_size: Number = 1,
    min_scale: Factor = 0.0,
    dtype: str = "float32",
) -> Timeline:
    """Multiply the updates' scale by ``factor`` when a value has not improved for ``patience`` reports.

    Formula: lr(t) = B s, s = 1 at first. The mean a of ``accumulation_size`` values is better than the best
    if a < (1 - rtol) best - atol; else it is bad. When the number of bad ones in a row is ``patience``, s =
    max(s factor, min_scale) and a cooldown of so many means begins, in which none is counted.
    Edges: the value goes with the update: that of update t moves lr(t) already, and a flat one first acts at
    the report ``patience`` after the first, one sooner than in torch. In a cooldown the best still moves. A
    patience of 0 acts on every value that is better. min_scale holds from the first mean on, so one above 1
    raises the LR. A count that is no whole number is never met. Behind the last value the scale is drawn as
    it stands.
    Source: optax 0.2.8 ``reduce_on_plateau``.

    Raises:
        ScheduleError: no metrics, a ``factor`` outside (0, 1), or tolerances that are negative, both 0, or an
            rtol above 1.

    """
    _check(factor, rtol, atol)
    real = np.dtype(dtype).type
    values = [real(value) for value in reported(group, "reduce_on_plateau")]

    def is_better(mean: Any, best: Any) -> bool:
        return bool(mean < real(1 - rtol) * best - real(atol))

    changes, scale = [], real(1)
    for t, reached in _looks(values, accumulation_size, is_better, patience, cooldown):
        scale = max(scale * real(factor) if reached else scale, real(min_scale))
        changes.append((t, float(real(group.lr) * scale)))
    return stairs(float(real(group.lr)), changes, len(values))


def _looks(
    values: Sequence[Any],
    size: float,
    is_better: Callable[[Any, Any], bool],
    patience: float,
    cooldown: float,
) -> Iterator[tuple[int, bool]]:
    """The ticks outside of cooldowns at which there is a mean, and whether patience is met there."""
    best, bad, cooling = math.inf, 0, 0
    for t, mean in _means(values, size):
        better = is_better(mean, best)
        best, bad = (mean, 0) if better else (best, bad + 1)
        if cooling > 0:
            bad, cooling = 0, cooling - 1
            continue
        reached = bad == patience
        bad, cooling = (0, int(cooldown)) if reached else (bad, 0)
        yield t, reached


def _means(values: Sequence[Any], size: float) -> Iterator[tuple[int, Any]]:
    """The mean of each ``size`` values, summed as they come, and the tick of the last of them."""
    count, mean = 0, 0.0
    for t, value in enumerate(values):
        real = type(value)
        mean = (real(count) * real(mean) + value) / real(count + 1)
        count += 1
        if count == size:
            yield t, mean
            count, mean = 0, 0.0


def _check(factor: float, rtol: float, atol: float) -> None:
    """Refuse what its constructor refuses."""
    wrong = (
        (factor <= 0 or factor >= 1, f"factor must lie between 0 and 1, got {factor!r}", "factor=0.1"),
        (rtol < 0, f"rtol must not be negative, got {rtol!r}", "rtol=1e-4"),
        (atol < 0, f"atol must not be negative, got {atol!r}", "atol=0"),
        (rtol == 0 and atol == 0, "rtol and atol are both 0", "rtol=1e-4"),
        (rtol > 1, f"rtol must be at most 1, got {rtol!r}", "rtol=1e-4"),
    )
    for refused, text, hint in wrong:
        if refused:
            raise ScheduleError(f"reduce_on_plateau: {text}", hint=hint)
