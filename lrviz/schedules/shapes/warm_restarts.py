"""Cosine cycles with warm restarts, as SGDR and torch compute them alike."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from lrviz.engine.breakpoints import Periodic
from lrviz.engine.distinct import distinct
from lrviz.engine.geometric import Geometric
from lrviz.engine.timeline import Phase, Timeline
from lrviz.engine.traced import look_up
from lrviz.schedules.shapes.cosine import cos01

if TYPE_CHECKING:
    from lrviz.engine.timeline import Rates, TickArray


def warm_restarts(top: float, floor: float, first: float, mult: float) -> Timeline:
    """Waves from ``top`` towards ``floor``, in cycles of first, first * mult, first * mult² … ticks."""

    def rate(t: TickArray) -> Rates:
        u, length = _in_cycle(t, first, mult)
        return floor + (top - floor) * cos01(u / length)

    turns = Periodic(first, jumps=True) if mult == 1 else Geometric(first, mult)
    return Timeline((Phase("cycle", 0.0, rate, turns, label="cosine cycles"),))


def _in_cycle(t: TickArray, first: float, mult: float) -> tuple[TickArray, TickArray]:
    """Ticks into the cycle, and its length, whose start is exact where it is whole."""
    if mult == 1:
        return t % first, np.full(t.shape, float(first))
    grown = np.minimum(t * (mult - 1) / first, 1e300)
    number = np.floor(np.log1p(grown) / math.log(mult))
    near = distinct(number[..., np.newaxis] + np.array([-1, 0, 1]))
    cycles = near[near >= 0]
    starts = np.array([_cycle_start(int(cycle), first, mult) for cycle in cycles], dtype=np.float64)
    i = np.searchsorted(starts, t, side="right") - 1
    return t - look_up(starts, i), first * float(mult) ** look_up(cycles, i)


def _cycle_start(number: int, first: float, mult: float) -> float:
    """The sum of that many lengths; one that only rounding keeps from being whole is whole."""
    try:
        if isinstance(first, int) and isinstance(mult, int):
            return float(first * (mult**number - 1) // (mult - 1))
        start = first * math.expm1(number * math.log1p(mult - 1)) / (mult - 1)
    except OverflowError:
        return math.inf
    return round(start) if math.isfinite(start) and abs(start - round(start)) <= 1e-13 * start else start
