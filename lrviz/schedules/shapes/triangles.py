"""Triangular cycles whose height changes from cycle to cycle or from tick to tick."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from lrviz.engine.breakpoints import Periodic
from lrviz.engine.compose import product
from lrviz.engine.opaque import Opaque
from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.function import as_function

if TYPE_CHECKING:
    from lrviz.engine.breakpoints import Breakpoints
    from lrviz.engine.opaque import Opaque

Mode = Literal["triangular", "triangular2", "exp_range"]


def triangles(up: float, down: float, mode: str, gamma: float, lift: float = 0.0) -> Timeline:
    """``lift`` plus the height of each tick, up in ``up`` ticks and down in ``down``.

    Cycle after cycle the height is 1 (triangular) or halved (triangular2); with exp_range all of it
    is multiplied by gamma^t.
    """

    def rate(t: TickArray) -> Rates:
        height, cycle = _triangle(t, up, down)
        if mode == "triangular2":
            height = height * (1.0 / 2.0 ** (cycle - 1.0))
        lifted = height + lift if lift else height
        return lifted * float(gamma) ** t if mode == "exp_range" else lifted

    return Timeline((Phase("cycle", 0.0, rate, _turns(up, down, mode, gamma, lift), label="cycles"),))


def scaled_triangles(up: float, down: float, scale_fn: Any, scale_mode: str) -> Timeline:
    """Triangles times a function of the cycle's number, from 1, or of the tick (iterations)."""
    function, bounds = as_function(scale_fn, "x")

    def number(t: TickArray) -> TickArray:
        return np.floor(1.0 + t / (up + down)) if scale_mode == "cycle" else t

    def scale(t: TickArray) -> Rates:
        try:
            return function(number(t))
        except ScheduleError as error:  # its step is what the function was given
            at = t[number(t) == error.step]
            step = int(at.min()) if at.size else None
            raise ScheduleError(error.message, hint=error.template, step=step) from None

    def spread(low: TickArray, high: TickArray) -> tuple[Rates, Rates]:
        return bounds(number(low), number(high)) if bounds else (low - math.inf, high + math.inf)

    scales = Phase("cycle", 0.0, scale, Opaque(spread if bounds else None, refuses=True), label="cycles")
    return product([triangles(up, down, "triangular", 1.0), Timeline((scales,))])


def _triangle(t: TickArray, up: float, down: float) -> tuple[Rates, TickArray]:
    """The height 0 … 1 inside the cycle, and the cycle's number, from 1."""
    size = up + down
    ratio = up / size
    cycle = np.floor(1.0 + t / size)
    x = 1.0 + t / size - cycle
    return np.where(x <= ratio, x / ratio, (x - 1.0) / (ratio - 1.0)), cycle


def _turns(up: float, down: float, mode: str, gamma: float, lift: float) -> Breakpoints:
    """Foot and peak; exp_range turns once more inside a leg, where growth and decay balance."""
    offsets = {0.0, up}
    if mode == "exp_range" and gamma <= 0:
        return Periodic(1, monotone=False)
    if mode == "exp_range" and gamma != 1:
        balance = -1.0 / math.log(gamma)
        rising, falling = balance - lift * up, up + down + balance + lift * down
        offsets |= {rising} if 0 < rising < up else set()
        offsets |= {falling} if up < falling < up + down else set()
    return Periodic(up + down, tuple(sorted(offsets)))
