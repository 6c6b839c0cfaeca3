"""How the count meets the numbers of a schedule, and powers of it."""

from __future__ import annotations

import numpy as np

from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.float32 import Array, rounded_power

INT32 = 2**31 - 1


def power(base: Array, exponent: float, dtype: str) -> Array:
    """The power of an array: jax multiplies for an exponent that is an int, rounding each time."""
    if not isinstance(exponent, int):
        return rounded_power(base, exponent, dtype)
    product, square = np.ones_like(base), base
    for bit in reversed(f"{abs(exponent):b}"):
        product = product * square if bit == "1" else product
        square = square * square
    return product if exponent >= 0 else 1 / product


def counted(name: str, value: float, dtype: str) -> float:
    """A duration as it meets the count: a whole one is an integer, a fractional one is rounded as the count.

    Raises:
        ScheduleError: an integer beyond int32, a fraction beyond what the count is rounded to.

    """
    if not isinstance(value, int):
        with np.errstate(over="ignore"):
            rounded = float(np.asarray(value, dtype=dtype))
        if not np.isfinite(rounded):
            raise ScheduleError(
                f"optax computes in {dtype}: {name}={value!r} is infinite there",
                hint=f"give a smaller {name}",
                step=0,
            )
        return rounded
    if dtype == "float32" and abs(value) > INT32:
        raise ScheduleError(
            f"optax counts in int32: {name} must be at most {INT32}, got {value!r}",
            hint="<dtype=float64> counts in int64",
            step=0,
        )
    return value
