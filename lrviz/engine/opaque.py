"""A formula of which nothing is known between ticks, but maybe how far it may go."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lrviz.engine.breakpoints import MOST_WALKED, Bounds, Breakpoints, Positions

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, eq=False)
class Opaque(Breakpoints):
    """It may turn at any tick; ``bounds`` may tell how far, elementwise.

    ``refuses`` says that a tick may be refused, as by a user's function, wherever the timeline ends; ``most``
    is how far a walk goes.
    """

    bounds: Bounds | None = None
    walk: bool = False
    refuses: bool = False
    most: float = MOST_WALKED

    @property
    def most_walked(self) -> float:
        return self.most

    @property
    def skips(self) -> bool:
        return self.walk or not self.refuses  # a walk asks them itself

    def count(self, low: float, high: float) -> float:
        return math.inf if low <= high else 0.0

    def positions(self, low: float, high: float) -> Positions:
        return np.arange(math.ceil(low), math.floor(high) + 1, dtype=float)

    def shift(self, ticks: float) -> Opaque:
        return self._of(lambda bounds, low, high: bounds(low - ticks, high - ticks))

    def hold(self, size: int) -> Opaque:
        return self._of(lambda bounds, low, high: bounds(low // size, high // size))

    def speed_up(self, ticks: int) -> Opaque:
        return self._of(lambda bounds, low, high: bounds(low * ticks, high * ticks))

    def read_at(self, ticks: Callable[[Positions], Positions]) -> Opaque:
        """As it is where steps make these ticks."""
        return self._of(lambda bounds, low, high: bounds(ticks(low), ticks(high)))

    def scale(self, factor: float, plus: float) -> Opaque:
        def scaled(bounds: Bounds, low: Positions, high: Positions) -> tuple[Positions, Positions]:
            ends = [plus + factor * bound for bound in bounds(low, high)]
            return (ends[0], ends[1]) if factor >= 0 else (ends[1], ends[0])

        return self._of(scaled)

    def _of(self, change: Callable[[Bounds, Positions, Positions], tuple[Positions, Positions]]) -> Opaque:
        """With its bounds changed, if it has any."""
        bounds = self.bounds
        return self if bounds is None else replace(self, bounds=lambda low, high: change(bounds, low, high))
