"""What is seen of a curve: some of its values, each as exactly as it was written, and what they do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lrviz.curves.known_values import KnownValues

if TYPE_CHECKING:
    from lrviz.engine.timeline import Rates, TickArray

ROUNDING = 1e-12
"""Share of the peak that the order of operations may cost, whatever a value was printed with."""
SINGLE, FINEST = 2.0**-23, 2.0**-48
"""Shares that a float32 costs, which what is written more coarsely than a float64 may have been."""
ROUNDINGS = 4
"""Roundings to a float32 in one value: where LRs are doubled, each may come out otherwise."""
A_DIGIT = 0.75
LOOKED_AT = 160
"""Rows that tell of a supposition whether it may hold; then all are asked."""
MOST = 4096
"""Rows that tell the numbers of one that does."""


class Level(NamedTuple):
    """Rows in a row with one value: the ticks of the first and the last of them."""

    first: float
    last: float
    value: float


@dataclass(frozen=True, eq=False)
class Seen(KnownValues):
    """The rows of a log that have a number, and what the curve through them does."""

    @classmethod
    def of(cls, ticks: TickArray, values: Rates, least: Rates) -> Seen:
        """Rows of a log, those without a number left out."""
        known = np.isfinite(values)
        sizes = np.abs(values[known])
        peak = float(sizes.max(initial=0.0))
        may_be_single = least[known] > FINEST * sizes
        room = peak * np.where(may_be_single, SINGLE, ROUNDING)
        return cls(ticks[known].astype(float), values[known], least[known] + room)

    @cached_property
    def loose(self) -> Seen:
        """The rows as they are told to a search for numbers of a schedule that computes in float32."""
        return replace(self, slack=self.slack + ROUNDINGS * SINGLE * self.top)

    @cached_property
    def glance(self) -> Seen:
        """A few rows from everywhere, more of them where the curve turns."""
        return self if self.values.size <= LOOKED_AT else self._few(LOOKED_AT // 2)

    @cached_property
    def many(self) -> Seen:
        """As many rows as tell numbers to their last digits."""
        return self if self.values.size <= MOST else self._few(MOST)

    def _few(self, count: int) -> Seen:
        """So many rows, evenly spread, and those where the curve turns."""
        size = self.values.size
        spread = np.linspace(0, size - 1, count).round().astype(np.int64)
        bends = np.argsort(-np.abs(np.diff(self.values, 2)), kind="stable")[: LOOKED_AT // 4] + 1
        ends = [self.top_at, *range(4), *range(size - 4, size)]
        return self[np.unique(np.concatenate([spread, bends, ends]))]

    @property
    def _digit(self) -> Rates:
        """What a row may differ by from the one before and be as large: less than one of its last digit."""
        return A_DIGIT * (self.slack[1:] + self.slack[:-1])

    @cached_property
    def steepest(self) -> float:
        """The most that a tick changes, in thousandths of the top."""
        slopes = np.abs(np.diff(self.values)) / np.diff(self.ticks)
        return 1e3 * float(slopes.max(initial=0.0)) / self.top

    @property
    def least(self) -> float:
        """The lowest value from the top on."""
        return float(self.values[self.top_at :].min())

    @property
    def stride(self) -> int:
        """Ticks from row to row, at the end."""
        return int(self.ticks[-1] - self.ticks[-2]) if self.ticks.size > 1 else 1

    @property
    def ends(self) -> list[int]:
        """Where the run may end, as rows come."""
        return list(dict.fromkeys(int(self.last) + more for more in (self.stride, self.stride + 1, 1, 0)))

    @property
    def noise(self) -> float:
        """How far off the rows may be as they are written, on the whole, in thousandths of the top."""
        return 1e3 * float(np.sqrt(np.mean(self.slack**2))) / self.top

    @property
    def last(self) -> float:
        """The tick of the last row."""
        return float(self.ticks[-1])

    @cached_property
    def top(self) -> float:
        """The largest value."""
        return float(self.values.max())

    @cached_property
    def top_at(self) -> int:
        """The first row of the stretch before the first fall."""
        here = self.top_until
        is_top = self.values[: here + 1] + self.slack[: here + 1] >= self.values[here] - self.slack[here]
        return int(np.argmax(is_top))

    @cached_property
    def top_until(self) -> int:
        """The last row before the first fall, which is the last row of all where nothing falls."""
        down = np.flatnonzero(np.diff(self.values) < -self._digit)
        return int(down[0]) if down.size else self.values.size - 1

    @cached_property
    def straight(self) -> int:
        """How many of the first rows lie on one line."""
        rise, run = self.values - self.values[0], self.ticks - self.ticks[0]
        room = self.slack + self.slack[0]
        with np.errstate(all="ignore"):
            least = np.maximum.accumulate((rise[1:] - room[1:]) / run[1:])
            most = np.minimum.accumulate((rise[1:] + room[1:]) / run[1:])
        broken = np.flatnonzero(least > most)
        return int(broken[0]) + 1 if broken.size else self.values.size

    @cached_property
    def slope(self) -> float:
        """By how much a tick changes the value on that line."""
        end = min(self.straight, self.top_at + 1) - 1
        if end < 1:
            return 0.0
        return float((self.values[end] - self.values[0]) / (self.ticks[end] - self.ticks[0]))

    @property
    def rises(self) -> bool:
        """Whether it begins with a rise."""
        return self.top_at > 0 and self.slope > 0

    @property
    def is_rise(self) -> bool:
        """Whether that is all there is."""
        return self.rises and self.top_at == self.values.size - 1

    @property
    def is_stairs(self) -> bool:
        """Whether it only falls, in levels of several rows, as a scheduler that moves on a metric does."""
        falls = all(after.value < before.value for before, after in pairwise(self.levels))
        return falls and len(self.levels) > 1 and 2 * len(self.levels) <= self.values.size

    @property
    def rise_end(self) -> float:
        """Where the line of the rise comes to the top: 0 without one."""
        if not self.rises:
            return 0.0
        return float(self.ticks[0] + (self.top - self.values[0]) / self.slope)

    @property
    def start(self) -> float:
        """The value of the line at tick 0."""
        return float(self.values[0] - self.slope * self.ticks[0]) if self.rises else float(self.values[0])

    @cached_property
    def levels(self) -> list[Level]:
        """The stretches of rows that have the same value; none where no row is left."""
        if not self.values.size:
            return []
        cuts = np.flatnonzero(np.abs(np.diff(self.values)) > self._digit) + 1
        bounds = [0, *cuts.tolist(), self.values.size]
        return [
            Level(float(self.ticks[a]), float(self.ticks[b - 1]), float(self.values[(a + b) // 2]))
            for a, b in pairwise(bounds)
        ]

    @property
    def floor(self) -> Level | None:
        """The level it ends at, where that is below the top and more than one row."""
        end = self.levels[-1]
        return end if end.last > end.first and end.value < self.top and len(self.levels) > 1 else None

    @cached_property
    def restarts(self) -> list[int]:
        """The rows that are higher than the one before, after the first fall."""
        up = np.flatnonzero(np.diff(self.values) > self._digit) + 1
        return [int(row) for row in up if row > self.top_until]
