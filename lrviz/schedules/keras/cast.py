"""The type a schedule of keras computes in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from lrviz.engine.traced import cast
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.float32 import Array, f32

Cast = Callable[[Any], Array]
"""Brings a parameter, or the step, to the type of the initial learning rate."""


def cast_to(initial_learning_rate: float) -> Cast:
    """What ``ops.cast`` does with the dtype of the initial learning rate: float32, int32 of a Python int."""
    if isinstance(initial_learning_rate, int):
        return lambda value: np.trunc(cast(value, np.float64))
    return lambda value: cast(value, f32)


def check_positive(schedule: str, name: str, value: float) -> None:
    """Refuse a length that is not positive.

    Raises:
        ScheduleError: ``value`` is 0 or below.

    """
    if value <= 0:
        raise ScheduleError(
            f"{schedule}: {name} must be greater than 0, got {value!r}", hint=f"<{name}=1000>"
        )
