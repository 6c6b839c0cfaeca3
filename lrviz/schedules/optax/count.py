"""How the count meets the numbers of a schedule."""

from __future__ import annotations

import numpy as np

from lrviz.errors import ScheduleError

INT32 = 2**31 - 1


def counted(name: str, value: float, dtype: str) -> float:
    """A duration as it meets the count: a whole one is an integer, a fractional one is rounded as the count.

    Raises:
        ScheduleError: an integer beyond int32.

    """
    if not isinstance(value, int):
        return float(np.asarray(value, dtype=dtype))
    if dtype == "float32" and abs(value) > INT32:
        raise ScheduleError(
            f"optax counts in int32: {name} must be at most {INT32}, got {value!r}",
            hint="dtype=float64 counts in int64",
            step=0,
        )
    return value
