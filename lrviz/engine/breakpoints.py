"""What is known of a formula between ticks: where its direction changes or its value jumps.

Between two neighbouring turns a phase is monotone over whole ticks, so its extremes over any
interval lie at the interval's two ends or at the ticks beside a turn.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Self, TypeAlias

import numpy as np

from lrviz.engine.distinct import distinct

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

MOST_WALKED = 10**9
"""Ticks; it takes minutes."""
Positions: TypeAlias = "NDArray[np.float64]"
Bounds: TypeAlias = "Callable[[Positions, Positions], tuple[Positions, Positions]]"


class Breakpoints(ABC):
    """Turning positions, asked for by interval; moved and stretched with their phase."""

    @property
    def jumps(self) -> bool:
        """Whether the value jumps at the turns (a restart, a drop) rather than bending."""
        return False

    @property
    def period(self) -> int | None:
        """Whole ticks after which the turns repeat; None where they do not."""
        return None

    @property
    def cycle(self) -> float | None:
        """How long a cycle is, be it whole ticks or not; None where they are not as long as each other."""
        return self.period

    @property
    def monotone(self) -> bool:
        """Whether the extremes of successive periods rise or fall (or stay)."""
        return False

    @property
    def walk(self) -> bool:
        """Whether each value needs the one before."""
        return False

    @property
    def most_walked(self) -> float:
        """The last tick that a walk goes to; it refuses one that lies farther before it takes a step."""
        return MOST_WALKED

    @property
    def skips(self) -> bool:
        """Whether ticks may be passed over unasked, as none of them is refused."""
        return True

    @property
    def bounds(self) -> Bounds | None:
        """What contains every value at the whole ticks low … high, where the turns do not tell."""
        return None

    @abstractmethod
    def count(self, low: float, high: float) -> float:
        """An upper bound of the number of turns in [low, high]."""

    @abstractmethod
    def positions(self, low: float, high: float) -> Positions:
        """Every turn in [low, high], ascending (a few outside may be included)."""

    @abstractmethod
    def shift(self, ticks: float) -> Self:
        """The same turns, ``ticks`` later."""

    def hold(self, size: int) -> Breakpoints:
        """The turns where each tick lasts ``size`` steps."""
        return Stretched(self, size)

    def speed_up(self, ticks: int) -> Breakpoints:
        """The turns where each step makes ``ticks`` ticks."""
        return Compressed(self, ticks)

    def scale(self, factor: float, plus: float) -> Breakpoints:
        """The turns of ``plus + factor`` times the values: they stay where they are."""
        del factor, plus
        return self


@dataclass(frozen=True, eq=False)
class Listed(Breakpoints):
    """Breakpoints at listed positions."""

    places: Sequence[float] | Positions = ()
    jumps: bool = False

    @cached_property
    def ascending(self) -> Positions:
        """The positions in their order."""
        return np.sort(np.asarray(self.places, dtype=float))

    def count(self, low: float, high: float) -> float:
        return float(self.positions(low, high).size)

    def positions(self, low: float, high: float) -> Positions:
        first, stop = np.searchsorted(self.ascending, low), np.searchsorted(self.ascending, high, "right")
        return self.ascending[first:stop]

    def shift(self, ticks: float) -> Listed:
        return replace(self, places=self.ascending + ticks)


@dataclass(frozen=True, eq=False)
class Periodic(Breakpoints):
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

    @property
    def cycle(self) -> float | None:
        return self.every

    def count(self, low: float, high: float) -> float:
        return max(0.0, (high - max(low, self.start)) / self.every + 2) * len(self.offsets)

    def positions(self, low: float, high: float) -> Positions:
        first = max(0, math.floor((low - self.start) / self.every) - 1)
        last = max(first, math.ceil((high - self.start) / self.every) + 1)
        cycles = np.arange(first, last + 1, dtype=float)
        places = (self.start + cycles[:, None] * self.every + np.asarray(self.offsets)).ravel()
        return between(places, low, high)

    def shift(self, ticks: float) -> Periodic:
        return replace(self, start=self.start + ticks)


@dataclass(frozen=True, eq=False)
class Stretched(Breakpoints):
    """The turns of ticks that last ``size`` steps each: the first steps of the ticks beside them.

    Every tick is a jump then, which the phase says.
    """

    inner: Breakpoints
    size: int
    start: float = 0.0

    @property
    def monotone(self) -> bool:
        return self.inner.monotone

    @property
    def period(self) -> int | None:
        return None if self.inner.period is None else self.inner.period * self.size

    @property
    def cycle(self) -> float | None:
        return None if self.inner.cycle is None else self.inner.cycle * self.size

    def count(self, low: float, high: float) -> float:
        return 4 * self.inner.count(*self._ticks(low, high))

    def positions(self, low: float, high: float) -> Positions:
        ticks = beside(self.inner.positions(*self._ticks(low, high))).astype(np.float64)
        return between(self.start + ticks * float(self.size), low, high)

    def _ticks(self, low: float, high: float) -> tuple[float, float]:
        return (low - self.start) / self.size - 2, (high - self.start) / self.size + 2

    def shift(self, ticks: float) -> Stretched:
        return replace(self, start=self.start + ticks)


@dataclass(frozen=True, eq=False)
class Compressed(Breakpoints):
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

    @property
    def cycle(self) -> float | None:
        return None if self.inner.cycle is None else self.inner.cycle / self.ticks

    def count(self, low: float, high: float) -> float:
        return self.inner.count((low - self.start) * self.ticks, (high - self.start) * self.ticks)

    def positions(self, low: float, high: float) -> Positions:
        inner = self.inner.positions((low - self.start) * self.ticks, (high - self.start) * self.ticks)
        return self.start + inner / self.ticks

    def shift(self, ticks: float) -> Compressed:
        return replace(self, start=self.start + ticks)


def between(places: Positions, low: float, high: float) -> Positions:
    """The positions in [low, high]."""
    inside: Positions = places[(places >= low) & (places <= high)]
    return inside


def beside(positions: Positions) -> NDArray[np.int64]:
    """The whole ticks around each position: floor - 1 … ceil + 1."""
    floor, ceil = np.floor(positions), np.ceil(positions)
    return distinct(np.concatenate([floor - 1, floor, ceil, ceil + 1])).astype(np.int64)
