"""Rows of a log as a supposition meets them: at which tick of the plan, which value, how exactly it is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lrviz.engine.distinct import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lrviz.engine.timeline import Rates, TickArray

GLANCE = 48
"""Rows that are tried first: most of what is supposed fails at one of them."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Ascending ticks, the values there, and how far from each the exact one may be."""

    ticks: TickArray
    values: Rates
    slack: Rates

    def __len__(self) -> int:
        return self.ticks.size

    def __getitem__(self, chosen: slice | NDArray[np.intp] | NDArray[np.bool_]) -> Rows:
        return Rows(self.ticks[chosen], self.values[chosen], self.slack[chosen])

    @property
    def glance(self) -> NDArray[np.intp]:
        """A few rows, evenly spread, beside those at which the value is largest and smallest."""
        spread = np.linspace(0, len(self) - 1, min(GLANCE, len(self))).round().astype(np.intp)
        ends = np.array([np.argmax(self.values), np.argmin(self.values)])
        return distinct(np.append(spread, ends))

    def differing(self, values: Rates) -> NDArray[np.intp]:
        """The rows that have other values than these."""
        return np.flatnonzero(~(np.abs(values - self.values) <= self.slack))


