"""Rows of a log as a supposition meets them: the tick of the plan, the value, and how exactly it is known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from lrviz.curves.known_values import KnownValues
from lrviz.engine.distinct import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lrviz.compare.log.planned import Plan
    from lrviz.engine.timeline import Rates

GLANCE = 48
"""Rows that are tried first: most of what is supposed fails at one of them."""
SOME = 1 << 11
"""Rows that are tried next."""


@dataclass(frozen=True, eq=False)
class Rows(KnownValues):
    """The rows, of which a few are tried first."""

    @property
    def last(self) -> int:
        """The last tick."""
        return int(self.ticks[-1])

    @cached_property
    def glance(self) -> Rows:
        """A few rows, evenly spread, beside those at which the value is largest and smallest."""
        ends = np.array([np.argmax(self.values), np.argmin(self.values)])
        return self[distinct(np.append(self._spread(GLANCE), ends))]

    @cached_property
    def some(self) -> Rows:
        """More rows, evenly spread."""
        return self if len(self) <= SOME else self[self._spread(SOME)]

    def _spread(self, most: int) -> NDArray[np.intp]:
        return np.linspace(0, len(self) - 1, min(most, len(self))).round().astype(np.intp)

    @property
    def finite(self) -> Rows:
        """Without those that are no number, which no plan has."""
        return self[np.isfinite(self.values)]

    def past(self, last: int) -> int:
        """How many stand behind a tick."""
        return len(self) - int(np.searchsorted(self.ticks, last, side="right"))

    def differing(self, values: Rates) -> NDArray[np.intp]:
        """The rows that have other values than these."""
        with np.errstate(invalid="ignore"):
            return np.flatnonzero(~(np.abs(values - self.values) <= self.slack))


@dataclass(frozen=True, eq=False)
class LogCase:
    """Rows, and the plan that they are held against."""

    plan: Plan
    rows: Rows

    @cached_property
    def thinned(self) -> LogCase:
        """Some of the rows: what does not explain them explains none of more."""
        return self if self.rows.some is self.rows else LogCase(self.plan, self.rows.some)

    @cached_property
    def planned(self) -> Rates:
        """What the plan has there."""
        return self.plan(self.rows.ticks)

    @cached_property
    def differing(self) -> NDArray[np.intp]:
        """The rows that have another value."""
        return self.rows.differing(self.planned)
