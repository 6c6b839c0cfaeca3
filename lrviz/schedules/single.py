"""Frameworks that compute in float32: the rounding of values, and phases whose steps are rounded too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrviz.timeline import Formula, Phase, Rates, Rough, Ticks, Timeline
from lrviz.turns import Turns

f32 = np.float32

Array = NDArray[Any]

EXACT = 2.0**24
"""Whole numbers up to here are exact in float32."""


def formula(values: Callable[[Ticks], Array], dtype: str = "float32") -> Formula:
    """The formula with its values rounded to ``dtype`` at last."""

    def rate(t: Ticks) -> Rates:
        # numpy 1 lets a Python float widen a float32 of no dimension
        rounded = np.asarray(values(np.atleast_1d(t)), dtype=dtype)
        return rounded.astype(np.float64).reshape(t.shape)

    return rate


def timeline(rate: Formula, *named: tuple[str, float, Turns | Rough]) -> Timeline:
    """One formula under several names, each from its start on; past 2**24 steps themselves are rounded."""
    phases = [Phase(name, start, rate, shape) for name, start, shape in named]
    return Timeline((*phases, Phase(phases[-1].name, max(EXACT, phases[-1].start), rate, Rough())))
