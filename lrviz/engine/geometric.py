"""Where cycles that grow by a factor begin."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lrviz.engine.breakpoints import Breakpoints, between

if TYPE_CHECKING:
    from lrviz.engine.breakpoints import Positions


@dataclass(frozen=True, eq=False)
class Geometric(Breakpoints):
    """Breakpoints at the starts of cycles of length first, first * mult, first * mult² … (mult > 1)."""

    first: float
    mult: float
    start: float = 0.0
    jumps: bool = True

    def count(self, low: float, high: float) -> float:
        return max(0.0, self._cycle(high) - self._cycle(low) + 2)

    def positions(self, low: float, high: float) -> Positions:
        first, last = math.floor(self._cycle(low)) - 1, math.ceil(self._cycle(high)) + 1
        cycles = np.arange(max(0, first), last + 1, dtype=float)
        with np.errstate(over="ignore"):
            grown = (float(self.mult) ** cycles - 1.0) / (self.mult - 1.0)
        return between(np.asarray(self.start + self.first * grown), low, high)

    def _cycle(self, place: float) -> float:
        """The number of the cycle that begins there, a fraction within one."""
        grown = min(max(0.0, place - self.start) * (self.mult - 1) / self.first, 1e300)
        return math.log1p(grown) / math.log(self.mult)

    def shift(self, ticks: float) -> Geometric:
        return replace(self, start=self.start + ticks)
