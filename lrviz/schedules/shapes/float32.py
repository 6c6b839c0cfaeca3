"""Frameworks that compute in float32: the rounding of values, and phases whose steps are rounded too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrviz.engine.opaque import Opaque
from lrviz.engine.timeline import LARGEST_TICK, Formula, Phase, Rates, TickArray, Timeline
from lrviz.engine.traced import cast

f32 = np.float32

Array = NDArray[Any]

EXACT = {"float32": 2.0**24, "float64": float(LARGEST_TICK)}
"""Whole numbers up to here are exact."""


def formula(values: Callable[[TickArray], Array], dtype: str = "float32") -> Formula:
    """The formula with its values rounded to ``dtype`` at last."""

    def rate(t: TickArray) -> Rates:
        # numpy 1 lets a Python float widen a float32 of no dimension
        rounded: Array = cast(values(np.atleast_1d(t)), dtype)
        return rounded.astype(np.float64).reshape(t.shape)

    return rate


def rounded_cos(angle: Array) -> Array:
    """The cosine, rounded once: that of NumPy in float32 is off by a unit, and not alike everywhere."""
    exact: Array = np.cos(angle.astype(np.float64))
    return exact.astype(angle.dtype)


def rounded_power(base: Any, exponent: Any, dtype: str = "float32") -> Array:
    """The power of numbers of that dtype, rounded once."""
    numbers = (cast(number, dtype).astype(np.float64) for number in (base, exponent))
    exact: Array = np.power(*numbers)
    return exact.astype(dtype)


def timeline(*phases: Phase, dtype: str = "float32") -> Timeline:
    """The phases of one formula; past EXACT steps themselves are rounded."""
    last = phases[-1]
    return Timeline((*phases, replace(last, start=max(EXACT[dtype], last.start), shape=Opaque())))
