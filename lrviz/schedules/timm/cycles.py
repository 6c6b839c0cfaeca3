"""Cycles from a height to lr_min, which follow one another: each longer and lower, or alike."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lrviz.catalogue.roles import Factor, Floor, InFront, Number, Total
from lrviz.engine.breakpoints import Breakpoints, Periodic
from lrviz.engine.distinct import distinct
from lrviz.engine.geometric import Geometric
from lrviz.engine.opaque import Opaque
from lrviz.engine.timeline import Kind, Phase, Rates, TickArray
from lrviz.schedules.shapes.checks import not_negative, positive
from lrviz.schedules.timm.shared import Main, overflow, power

Fall = Callable[[Rates, TickArray, TickArray], Rates]
"""The LR from the height of a cycle, the ticks into it and its length."""

NEAR = 1e-9
"""This near a whole number, the logarithm of numpy and that of Python may be rounded down to two."""
MOST_CYCLES = 4096
"""The starts of so many cycles are looked at for numbers that timm cannot compute."""


@dataclass(frozen=True)
class Cycles:
    """What every cyclic scheduler takes: cycles of T, T mul, T mul² … ticks, T being ``t_initial``.

    Each is ``cycle_decay`` times as high as the one before.
    """

    t_initial: Total
    lr_min: Floor = 0.0
    cycle_mul: Factor = 1.0
    cycle_decay: Factor = 1.0
    cycle_limit: Number = 1
    warmup_prefix: InFront = False

    def check(self, owner: str, **more: float) -> None:
        """Refuse a length that is not positive, and a floor, or one of ``more``, that is negative.

        Raises:
            ScheduleError: there is one.

        """
        positive(owner, t_initial=self.t_initial)
        not_negative(owner, lr_min=self.lr_min, **more)

    def main(self, name: str, B: float, fall: Fall, *, smooth: bool = True, always: bool = True) -> Main:
        """The cycles from B, and ``lr_min`` after the last; the flags are those of Cyclic."""
        cyclic = Cyclic(
            name, self.t_initial, self.cycle_mul, self.cycle_decay, self.cycle_limit, smooth, always
        )
        return cyclic.main(B, self.lr_min, fall)


@dataclass(frozen=True)
class Cyclic:
    """Cycles of T, T mul, T mul² … ticks, each ``decay`` times as high as the one before.

    Of the cycles ``limit`` are run; ``always`` says that timm computes the heights of later ones all the
    same, ``smooth`` that each only falls, or only rises.
    """

    name: str
    T: float
    mul: float
    decay: float
    limit: float
    smooth: bool = True
    always: bool = True

    @property
    def count(self) -> int:
        """How many cycles there are."""
        return max(0, math.ceil(self.limit))

    def main(self, B: float, low: float, fall: Fall) -> Main:
        """The cycles from B, and ``low`` after the last."""

        def rate(t: TickArray) -> Rates:
            number, ticks, length = self._place(t)
            return np.where(number < self.limit, fall(B * power(self.decay, number), ticks, length), low)

        def refused(t: TickArray) -> NDArray[np.bool_]:
            number = self._place(t)[0]
            bad = ~np.isfinite(power(self.decay, number)) & ((number < self.limit) | self.always)
            return np.asarray(bad | np.isnan(number) | ~np.isfinite(rate(t)), dtype=np.bool_)

        kind: Kind = "cycle" if self.count > 1 else "decay"
        label, end = f"{self.name} cycles" if self.count > 1 else self.name, self._begin(self.count)
        phases = [Phase(kind, 0.0, rate, self._turns(), label=label)] if self.count else []
        phases += [Phase("hold", end, rate, label="lowest")] if math.isfinite(end) else []
        return Main(tuple(phases), refused, self._suspects(), self._why(), self._length())

    def _place(self, t: TickArray) -> tuple[Rates, TickArray, TickArray]:
        """The number of the cycle, the ticks into it and its length."""
        if self.mul == 1:
            number = np.floor_divide(t, float(self.T))
            return number, t - self.T * number, np.full(t.shape, float(self.T))
        number = self._number(t.ravel()).reshape(t.shape)
        start, length = np.full(t.shape, math.nan), np.full(t.shape, math.nan)
        for i in distinct(number[np.isfinite(number)]):
            here = number == i
            start[here], length[here] = self._begin(i), float(self.mul) ** i * self.T
        return number, t - start, length

    def _number(self, t: TickArray) -> Rates:
        """The logarithm that timm rounds down, nan where it has none."""
        if self.mul <= 0:
            return np.full(t.shape, math.nan)
        grown = 1 - t / self.T * (1 - self.mul)
        exact = np.where(grown > 0, np.log(grown) / math.log(self.mul), math.nan)
        for i in np.flatnonzero(np.abs(exact - np.round(exact)) < NEAR):
            exact[i] = math.log(grown[i], self.mul)
        return np.floor(exact)

    def _begin(self, cycle: float) -> float:
        """The tick at which a cycle starts, infinite where it is too large a number."""
        if self.mul == 1:
            return float(self.T) * cycle
        try:
            return float((1 - float(self.mul) ** cycle) / (1 - self.mul) * self.T)
        except OverflowError:
            return math.inf

    def _length(self) -> float | None:
        """What ``get_cycle_length`` returns without a prefix, None where it raises."""
        cycles = max(1, self.limit)
        if self.mul == 1:
            return self.T * cycles
        try:
            whole: int = math.floor(-self.T * (float(self.mul) ** cycles - 1) / (1 - self.mul))
        except (ArithmeticError, TypeError, ValueError):
            return None
        return whole

    def _turns(self) -> Breakpoints:
        """Where the cycles start."""
        if not self.smooth or self.mul < 1:  # cycles that shrink have no end to their turns
            return Opaque()
        if self.mul == 1:
            return Periodic(float(self.T), jumps=True, monotone=self.decay >= 0)
        return Geometric(float(self.T), float(self.mul))

    def _suspects(self) -> list[float]:
        """Ticks beside which timm may come to what it cannot compute."""
        numbers: list[float] = [*range(min(self.count, MOST_CYCLES) + 1)]
        numbers += [overflow(self.decay) - 1, overflow(self.decay)]
        places = [self.T / (1 - self.mul)] if self.mul < 1 else []
        begins = [self._begin(number) for number in numbers if math.isfinite(number)]
        return places + [place for place in begins if math.isfinite(place)]

    def _why(self) -> str:
        if 0 < self.mul < 1:
            return (
                f"cycles that shrink by cycle_mul={self.mul} all lie before t = {self.T / (1 - self.mul):g}"
            )
        return "timm divides by zero here, leaves float64 or comes to a number that is not real"
