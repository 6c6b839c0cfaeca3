"""Shapes that several frameworks compute alike."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from lrviz.engine.breakpoints import Listed, Periodic
from lrviz.engine.chain import Pairs, around, chained_walk
from lrviz.engine.distinct import numbered
from lrviz.engine.timeline import LARGEST_TICK, Phase, Timeline
from lrviz.engine.traced import look_up
from lrviz.errors import ScheduleError

if TYPE_CHECKING:
    from lrviz.engine.chain import Maps
    from lrviz.engine.timeline import Rates, TickArray


def cos01(u: TickArray) -> Rates:
    """(1 + cos(pi u)) / 2: from 1 at u = 0 to 0 at u = 1, and up again."""
    return 0.5 * (1.0 + np.cos(math.pi * u))


SHORT = 2**28
"""In a half wave of fewer ticks the cosine is -1 at the trough alone."""

REBOUND = 32
"""Steps after a trough whose rounding still shows in what follows."""


def annealed(t: TickArray, T: float, B: float, eta: float) -> Rates:
    """The LR that a cosine annealing recurrence of a whole T holds: eta + (B - eta) cos01(t / T), nearly.

    The recurrence of torch and mmengine starts anew after each trough, at eta + (B - eta)
    (1 - cos(pi / T)) / 2, and then grows by ratios of 1 + cos(pi t / T). There both cancel, to about T^2
    rounding errors, which stay in all that follows; so the first steps are taken as they take them.
    """
    wave: Rates = (1.0 + np.cos(math.pi * t / T)) / 2.0
    passed = np.floor((t / abs(T) + 1.0) / 2.0)  # troughs behind t; the last one at (2 passed - 1) T
    after = abs(T) * (2.0 * passed - 1.0) + 1.0
    if eta != B and passed.size and passed.max() > 0:
        troughs, which = numbered(after)
        kept = look_up(_kept(troughs, T, B, eta), which).reshape(t.shape)
        wave = np.where((passed > 0) & (t >= after), wave * kept, wave)
    return eta + (B - eta) * wave


def _kept(after: TickArray, T: float, B: float, eta: float) -> Rates:
    """What the steps from a trough, ``after`` the first of them, leave of B - eta against the exact wave."""
    lr = eta + (B - eta) * (1.0 - math.cos(math.pi / T)) / 2.0 + np.zeros(after.shape)
    last = after + min(REBOUND, abs(T) - 1)
    for k in after + np.arange(1, last[0] - after[0] + 1)[:, None]:
        ratio = (1.0 + np.cos(math.pi * k / T)) / (1.0 + np.cos(math.pi * (k - 1.0) / T))
        lr = ratio * (lr - eta) + eta
    kept: Rates = (lr - eta) / ((B - eta) * (1.0 + np.cos(math.pi * last / T)) / 2.0)
    return kept


def annealing(k: TickArray, T: float, B: float, eta: float) -> Pairs:
    """The maps of a cosine annealing recurrence: a ratio around eta, and a new start after each trough.

    Raises:
        ScheduleError: a tick behind one where the cosine is -1, without being the trough itself; a T that
            divides pi to infinity.

    """
    if math.isinf(math.pi / T):  # as math.cos says of it
        raise ScheduleError(f"math domain error (T_max={T!r})", hint="<T_max=100>")
    before = 1.0 + np.cos(math.pi * (k - 1.0) / T)
    rising = (k - 1.0 - T) % (2.0 * T) == 0
    if np.any((before == 0) & ~rising & (k > 0)):
        raise ScheduleError(flat_trough(T), hint="<T_max=100000>")
    ratio = (1.0 + np.cos(math.pi * k / T)) / before
    up = (B - eta) * (1.0 - math.cos(math.pi / T)) / 2.0
    (one, down), (factor, none), (_, back) = around(eta, ratio)
    return [
        (one, np.where(rising, 0.0, down)),
        (np.where(rising, 1.0, factor), none),
        (one, np.where(rising, up, back)),
    ]


def flat_trough(T: float) -> str:
    """What is said where the recurrence divides by zero."""
    return f"division by zero (T_max={T}: 1 + cos(pi (t - 1) / T_max) is 0)"


def annealing_alone(T: float, B: float, eta: float, maps: Maps) -> Timeline:
    """A cosine annealing recurrence by itself; one whose troughs lie between ticks is walked."""
    if not float(T).is_integer():
        return chained_walk(B, maps, [("decay", 0.0, "cosine")])
    wave = half_waves(T, monotone=False)
    phase = Phase("decay", 0.0, lambda t: annealed(t, T, B, eta), wave, label="cosine")
    return Timeline((phase,), _annealing_end(T), flat_trough(T))


def _annealing_end(T: float) -> float:
    """The first tick at which the recurrence of a whole T divides by zero, infinite where none does.

    In a wave that long the cosine is -1 for some ticks on either side of the trough.
    """
    if not SHORT <= abs(T) <= LARGEST_TICK:
        return math.inf
    from bisect import bisect_left

    near = range(math.floor(abs(T) * (1.0 - 1e-8)), math.floor(abs(T)) + 1)
    found = bisect_left(near, True, key=lambda k: 1.0 + math.cos(math.pi * (k - 1) / T) == 0)
    return float(near[found]) if found < len(near) else math.inf


def half_waves(length: float, start: float = 0.0, *, monotone: bool = True) -> Periodic | Listed:
    """The turns of a cosine whose half wave is ``length`` ticks; none where it never turns."""
    if length == 0 or math.isinf(length):
        return Listed()
    return Periodic(abs(length), start=start, monotone=monotone)
