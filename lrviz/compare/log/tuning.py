"""The number of a parameter that makes its schedule that of all rows, sought where it comes nearest."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lrviz.compare.log.search import factor_of, roundest, simplest
from lrviz.errors import LrvizError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lrviz.compare.log.log_rows import Rows
    from lrviz.compare.log.parameters import Varied
    from lrviz.engine.timeline import Rates

TIMES = (1.01, 1.1, 1.3, 1.5, 2, 3, 4, 5, 8, 10, 16, 25, 100)
"""What people are off by."""
COARSE = 32
"""Numbers of every size that are tried as well."""
PLACES, PARTS = 2, 6
"""Of what was tried so many places are looked at closer, in so many parts; of some as near the last too."""
ROUNDS = 32
NEARER = 0.9
"""Share of what the plan is off by; where none comes nearer, and each other is farther off, none will."""
LEVEL = 0.25
"""Where numbers beside the best are hardly further off, as a share of that, it is not on its way to 0."""
NOISE = 2.0
"""Times what is rounded away, which the right number may be off by in the mean."""
DIGITS = 9
"""Of how far off a curve is: those that are as far off are so though their sums are rounded."""
PRECISE = 1e-13
"""Share of a number within which another one makes no difference."""


class Tuned(NamedTuple):
    """A number and a factor that explain all rows, and the least and greatest number that do."""

    number: float
    factor: float
    least: float
    most: float


@dataclass
class Tuning:
    """A plan with one number open, and rows; the curves of the numbers that were tried, at the rows."""

    varied: Varied
    rows: Rows
    is_free: bool
    curves: dict[float, Rates | None] = field(default_factory=dict)

    @cached_property
    def is_whole(self) -> bool:
        """Whether the number counts something."""
        return self.varied.parameter.is_whole

    def found(self) -> Tuned | None:
        """The simplest number with which the schedule has all rows, if any does."""
        here = self.varied.parameter.value
        if not self._moves(here):
            return None
        numbers = self._sorted({*self._first(), here})
        far = [self._mean(one) for one in numbers]
        if min(far) > NEARER * self._mean(here) and far.count(self._mean(here)) == 1:
            return None
        for off in (self._mean, self._worst):  # the way to where it is near, then to where it is exact
            numbers = self._closer(numbers, off)
        best = min(numbers, key=self._worst, default=None)
        if best is None or not self._holds(best):
            return None
        return self.around(best)

    def around(self, best: float) -> Tuned:
        """The simplest number beside one that holds, and how far they reach."""
        least, most = (self._edge(best, sign) for sign in (-1, 1))
        end = self._seen(least, most)
        simple = roundest(np.arange(least, end + 1)) if self.is_whole else simplest(least, end)
        return Tuned(*self._simplest((simple, best)), least, most)

    def _simplest(self, numbers: Iterable[float]) -> tuple[float, float]:
        """The first number that holds, and its factor."""
        found = ((one, self._factor(one)) for one in numbers)
        return next((one, factor) for one, factor in found if factor is not None)

    def reached(self, number: float) -> int:
        """How many of the first rows the schedule has with a number."""
        values = self._curve(number)
        differing = self.rows.differing(values) if values is not None else [0]
        return int(differing[0]) if len(differing) else len(self.rows)

    def narrowed(self, match: Tuned) -> Tuned | None:
        """A match in some of these rows held against all: its number, or another that did there."""
        numbers = [match.number] if self._holds(match.number) else self._between(match.least, match.most)
        holding = [one for one in numbers if self._holds(one)]
        return match._replace(number=holding[0], factor=self._factor(holding[0]) or 1.0) if holding else None

    def _between(self, least: float, most: float) -> list[float]:
        numbers = self._sorted(np.linspace(least, self._seen(least, most), 2 * PARTS))
        return self._closer(numbers, self._mean)

    def _seen(self, least: float, most: float) -> float:
        """How far numbers are looked at that may be any."""
        return most if most < math.inf else least + self.rows.last

    def _moves(self, here: float) -> bool:
        """Whether another number makes another curve at all."""
        return any(self._mean(one) != self._mean(here) for one in (float(round(here / 2)), 2 * here + 1))

    def _closer(self, numbers: list[float], off: Callable[[float], float]) -> list[float]:
        """Numbers around the one that comes nearest; none where the way there leads nowhere."""
        for _ in range(ROUNDS):
            order = sorted(range(len(numbers)), key=lambda place: off(numbers[place]))
            if not order or self._holds(numbers[order[0]]):
                return numbers
            if off == self._mean and self._is_level(numbers, order[0]):
                return numbers if off(numbers[order[0]]) <= NOISE * float(self.rows.slack.mean()) else []
            last = max(place for place in order if off(numbers[place]) == off(numbers[order[0]]))
            nearest = {*order[:PLACES], last}
            closer = self._sorted(one for place in nearest for one in self._around(numbers, place))
            if {*closer} <= {*numbers}:
                return closer
            numbers = closer
        return numbers

    def _is_level(self, numbers: list[float], best: int) -> bool:
        """Whether it comes no nearer in the mean of all rows, between the best number and those beside it."""
        least = self._mean(numbers[best])
        others = [(place, far) for place, far in enumerate(map(self._mean, numbers)) if far != least]
        beside = [far for place, far in others if place < best][-1:]
        beside += [far for place, far in others if place > best][:1]
        return max(beside, default=least) - least < LEVEL * least

    def _first(self) -> list[float]:
        """Numbers of every size, more of them near that of the plan; 1 is as near to 0.999 as 0 is."""
        here, last = self.varied.parameter.value, max(self.rows.last, self.varied.total, 2)
        near = [0.0, *(here * one for one in TIMES), *(here / one for one in TIMES)]
        if self.is_whole:
            return [*near, here - 1, here + 1, *np.geomspace(1, 4 * max(last, here), COARSE)]
        return [*near, *np.geomspace(1e-6, 1e3, COARSE), *(1 - np.geomspace(1e-6, 0.5, COARSE))]

    def _around(self, numbers: list[float], place: int) -> list[float]:
        """Numbers between one and those beside it."""
        low, high = numbers[max(place - 1, 0)], numbers[min(place + 1, len(numbers) - 1)]
        here = numbers[place]
        return self._sorted([*np.linspace(low, here, PARTS), *np.linspace(here, high, PARTS)])

    def _sorted(self, numbers: Iterable[float]) -> list[float]:
        """Each once, as it can be."""
        return sorted({float(round(one)) if self.is_whole else float(one) for one in numbers if one >= 0})

    def _mean(self, number: float) -> float:
        """How far off the curve is in the mean of all rows."""
        return self._far(number, lambda far: float(far.mean()))

    def _worst(self, number: float) -> float:
        """How many times as far off a row is as it may be."""
        return self._far(number, lambda far: float((far / self.rows.slack).max()))

    def _far(self, number: float, of: Callable[[Rates], float]) -> float:
        values = self._curve(number)
        if values is None:
            return math.inf
        with np.errstate(all="ignore"):
            if self.is_free:  # as high as the rows are
                top = int(np.argmax(self.rows.values))
                values = values * (self.rows.values[top] / values[top])
            off = of(np.abs(values - self.rows.values))
        return float(f"{off:.{DIGITS}g}") if math.isfinite(off) else math.inf

    def _holds(self, number: float) -> bool:
        """Whether all rows are as exactly the schedule's as they are written."""
        return self._factor(number) is not None

    def _factor(self, number: float) -> float | None:
        values = self._curve(number)
        return None if values is None else factor_of(values, self.rows, free=self.is_free)

    def _curve(self, number: float) -> Rates | None:
        if number not in self.curves:
            line = self.varied.line(number)
            try:
                with np.errstate(all="ignore"):
                    self.curves[number] = None if line is None else line(self.rows.ticks)
            except LrvizError:
                self.curves[number] = None
        return self.curves[number]

    def _edge(self, good: float, sign: int) -> float:
        """The farthest number that holds, from one that does; a count beyond all rows may be any."""
        least = 1.0 if self.is_whole else PRECISE * (abs(good) or 1.0)
        stride, farthest = least, self.rows.last + abs(good)
        while stride <= farthest and self._holds(good + sign * stride):
            good, stride = good + sign * stride, 2 * stride
        if stride > farthest and self.is_whole and sign > 0:
            return math.inf
        while stride > least:
            stride /= 2
            good += sign * stride if self._holds(good + sign * stride) else 0
        return good
