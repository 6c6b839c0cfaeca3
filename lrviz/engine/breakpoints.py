"""Where a formula turns: the real positions at which its direction changes or its value jumps.

Between two neighbouring turns a phase is monotone over whole ticks, so its extremes over any
interval lie at the interval's two ends or at the ticks beside a turn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, Self

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Positions = NDArray[np.float64]


class Breakpoints(Protocol):
    """Turning positions, asked for by interval."""

    @property
    def jumps(self) -> bool:
        """Whether the value jumps at the turns (a restart, a drop) rather than bending."""

    @property
    def period(self) -> int | None:
        """Whole ticks after which the turns repeat; None where they do not."""

    @property
    def monotone(self) -> bool:
        """Whether the extremes of successive periods rise or fall (or stay)."""

    def count(self, low: float, high: float) -> float:
        """An upper bound of the number of turns in [low, high]."""

    def positions(self, low: float, high: float) -> Positions:
        """Every turn in [low, high], ascending (a few outside may be included)."""

    def shifted(self, ticks: float) -> Self:
        """The same turns, ``ticks`` later."""


@dataclass(frozen=True)
class Listed:
    """Breakpoints at listed positions."""

    places: tuple[float, ...] = ()
    jumps: bool = False
    period: None = None
    monotone: bool = False

    def count(self, low: float, high: float) -> float:
        return float(len(self.positions(low, high)))

    def positions(self, low: float, high: float) -> Positions:
        return np.array(sorted(p for p in self.places if low <= p <= high), dtype=float)

    def shifted(self, ticks: float) -> Listed:
        return replace(self, places=tuple(p + ticks for p in self.places))


@dataclass(frozen=True)
class Periodic:
    """Breakpoints at ``start + i * every + offset`` for i = 0, 1, 2 … and each offset in [0, every).

    ``monotone`` states that the extremes of successive cycles rise or fall (or stay): then the
    first and last cycles of an interval bound all those between them.
    """

    every: float
    offsets: tuple[float, ...] = (0.0,)
    start: float = 0.0
    jumps: bool = False
    monotone: bool = True

    @property
    def period(self) -> int | None:
        return int(self.every) if float(self.every).is_integer() else None

    def count(self, low: float, high: float) -> float:
        return max(0.0, (high - max(low, self.start)) / self.every + 2) * len(self.offsets)

    def positions(self, low: float, high: float) -> Positions:
        first = max(0, math.floor((low - self.start) / self.every) - 1)
        last = max(first, math.ceil((high - self.start) / self.every) + 1)
        cycles = np.arange(first, last + 1, dtype=float)
        places = (self.start + cycles[:, None] * self.every + np.asarray(self.offsets)).ravel()
        inside: Positions = places[(places >= low) & (places <= high)]
        return inside

    def shifted(self, ticks: float) -> Periodic:
        return replace(self, start=self.start + ticks)


@dataclass(frozen=True)
class Geometric:
    """Breakpoints at the starts of cycles of length first, first * mult, first * mult² … (mult > 1)."""

    first: float
    mult: float
    start: float = 0.0
    jumps: bool = True
    period: None = None
    monotone: bool = False

    def count(self, low: float, high: float) -> float:
        return float(len(self.positions(low, high)))

    def positions(self, low: float, high: float) -> Positions:
        places, place, length = [], self.start, self.first
        while place <= high:
            if place >= low:
                places.append(place)
            place, length = place + length, length * self.mult
        return np.array(places, dtype=float)

    def shifted(self, ticks: float) -> Geometric:
        return replace(self, start=self.start + ticks)


@dataclass(frozen=True)
class Stretched:
    """The turns of ticks that last ``size`` steps each: the first steps of the ticks beside them."""

    inner: Breakpoints
    size: int
    start: float = 0.0
    jumps: bool = False  # every tick is a jump then, which the phase says

    @property
    def monotone(self) -> bool:
        return self.inner.monotone

    @property
    def period(self) -> int | None:
        return None if self.inner.period is None else self.inner.period * self.size

    def count(self, low: float, high: float) -> float:
        return 4 * self.inner.count(*self._ticks(low, high))

    def positions(self, low: float, high: float) -> Positions:
        ticks = beside(self.inner.positions(*self._ticks(low, high))).astype(np.float64)
        places: Positions = self.start + ticks * float(self.size)
        inside: Positions = places[(places >= low) & (places <= high)]
        return inside

    def _ticks(self, low: float, high: float) -> tuple[float, float]:
        return (low - self.start) / self.size - 2, (high - self.start) / self.size + 2

    def shifted(self, ticks: float) -> Stretched:
        return replace(self, start=self.start + ticks)


@dataclass(frozen=True)
class Compressed:
    """The turns of a schedule that makes ``ticks`` ticks in each step."""

    inner: Breakpoints
    ticks: int
    start: float = 0.0

    @property
    def jumps(self) -> bool:
        return self.inner.jumps

    @property
    def monotone(self) -> bool:
        return self.inner.monotone

    @property
    def period(self) -> int | None:
        whole = self.inner.period is not None and self.inner.period % self.ticks == 0
        return self.inner.period // self.ticks if whole and self.inner.period else None

    def count(self, low: float, high: float) -> float:
        return self.inner.count((low - self.start) * self.ticks, (high - self.start) * self.ticks)

    def positions(self, low: float, high: float) -> Positions:
        inner = self.inner.positions((low - self.start) * self.ticks, (high - self.start) * self.ticks)
        return self.start + inner / self.ticks

    def shifted(self, ticks: float) -> Compressed:
        return replace(self, start=self.start + ticks)


def beside(positions: Positions) -> NDArray[np.int64]:
    """The whole ticks around each position: floor - 1 … ceil + 1."""
    floor, ceil = np.floor(positions), np.ceil(positions)
    return np.unique(np.concatenate([floor - 1, floor, ceil, ceil + 1])).astype(np.int64)
