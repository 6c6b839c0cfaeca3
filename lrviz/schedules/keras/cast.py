"""The type a schedule of keras computes in, and its phases in that type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrviz.errors import ScheduleError
from lrviz.timeline import Formula, Phase, Rates, Rough, Timeline
from lrviz.timeline import Ticks as TickArray
from lrviz.turns import Turns

f32 = np.float32

Array = NDArray[Any]
Cast = Callable[[Any], Array]
"""Brings a parameter, or the step, to the type of the initial learning rate."""

EXACT = 2.0**24
"""Whole numbers up to here are exact in float32."""


def cast_to(initial_learning_rate: float) -> Cast:
    """What ``ops.cast`` does with the dtype of the initial learning rate: float32, int32 of a Python int."""
    if isinstance(initial_learning_rate, int):
        return lambda value: np.trunc(np.asarray(value, dtype=np.float64))
    return lambda value: np.asarray(value, dtype=f32)


def formula(values: Callable[[TickArray], Array]) -> Formula:
    """The formula with its values rounded to float32 at last."""

    def rate(t: TickArray) -> Rates:
        return np.asarray(np.asarray(values(t), dtype=f32), dtype=np.float64)

    return rate


def timeline(rate: Formula, *named: tuple[str, float, Turns | Rough]) -> Timeline:
    """One formula under several names, each from its start on; past 2**24 steps themselves are rounded."""
    phases = [Phase(name, start, rate, shape) for name, start, shape in named]
    return Timeline((*phases, Phase(phases[-1].name, max(EXACT, phases[-1].start), rate, Rough())))


def check_positive(schedule: str, name: str, value: float) -> None:
    """Refuse a length that is not positive.

    Raises:
        ScheduleError: ``value`` is 0 or below.

    """
    if value <= 0:
        raise ScheduleError(f"{schedule}: {name} must be greater than 0, got {value!r}", hint=f"{name}=1000")
