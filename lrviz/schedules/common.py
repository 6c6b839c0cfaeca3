"""Shapes that several frameworks compute alike."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from lrviz.turns import At, Every

if TYPE_CHECKING:
    from lrviz.timeline import Rates, Ticks


def cos01(u: Ticks) -> Rates:
    """(1 + cos(pi u)) / 2: from 1 at u = 0 to 0 at u = 1, and up again."""
    return 0.5 * (1.0 + np.cos(math.pi * u))


def half_waves(length: float, start: float = 0.0) -> Every | At:
    """The turns of a cosine whose half wave is ``length`` ticks; none where it never turns."""
    if length == 0 or math.isinf(length):
        return At()
    return Every(abs(length), start=start)
