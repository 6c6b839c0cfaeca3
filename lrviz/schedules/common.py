"""Shapes that several frameworks compute alike."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.errors import ScheduleError
from lrviz.expression import Expression
from lrviz.fold import Pairs, around
from lrviz.turns import At, Every

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.timeline import Bounds, Rates, Ticks


def cos01(u: Ticks) -> Rates:
    """(1 + cos(pi u)) / 2: from 1 at u = 0 to 0 at u = 1, and up again."""
    return 0.5 * (1.0 + np.cos(math.pi * u))


REBOUND = 32
"""Steps after a trough whose rounding still shows in what follows."""


def annealed(t: Ticks, T: float, B: float, eta: float) -> Rates:
    """The LR that a cosine annealing recurrence holds at tick t: eta + (B - eta) cos01(t / T), nearly.

    With whole T the recurrence of torch and mmengine starts anew after each trough, at eta + (B - eta)
    (1 - cos(pi / T)) / 2, and then grows by ratios of 1 + cos(pi t / T). There both cancel, to about T^2
    rounding errors, which stay in all that follows; so the first steps are taken as they take them.
    """
    wave: Rates = (1.0 + np.cos(math.pi * t / T)) / 2.0
    passed = np.floor((t / abs(T) + 1.0) / 2.0)  # troughs behind t; the last one at (2 passed - 1) T
    after = abs(T) * (2.0 * passed - 1.0) + 1.0
    if float(T).is_integer() and eta != B and passed.size and passed.max() > 0:
        troughs, which = np.unique(after, return_inverse=True)
        kept = _kept(troughs, T, B, eta)[which].reshape(t.shape)
        wave = np.where((passed > 0) & (t >= after), wave * kept, wave)
    return eta + (B - eta) * wave


def _kept(after: Ticks, T: float, B: float, eta: float) -> Rates:
    """What the steps from a trough, ``after`` the first of them, leave of B - eta against the exact wave."""
    lr = eta + (B - eta) * (1.0 - math.cos(math.pi / T)) / 2.0 + np.zeros(after.shape)
    last = after + min(REBOUND, abs(T) - 1)
    for k in after + np.arange(1, last[0] - after[0] + 1)[:, None]:
        ratio = (1.0 + np.cos(math.pi * k / T)) / (1.0 + np.cos(math.pi * (k - 1.0) / T))
        lr = ratio * (lr - eta) + eta
    kept: Rates = (lr - eta) / ((B - eta) * (1.0 + np.cos(math.pi * last / T)) / 2.0)
    return kept


def annealing(k: Ticks, T: float, B: float, eta: float) -> Pairs:
    """The maps of a cosine annealing recurrence: a ratio around eta, and a new start after each trough."""
    ratio = (1.0 + np.cos(math.pi * k / T)) / (1.0 + np.cos(math.pi * (k - 1.0) / T))
    rising = (k - 1.0 - T) % (2.0 * T) == 0
    up = (B - eta) * (1.0 - math.cos(math.pi / T)) / 2.0
    (one, down), (factor, none), (_, back) = around(eta, ratio)
    return [
        (one, np.where(rising, 0.0, down)),
        (np.where(rising, 1.0, factor), none),
        (one, np.where(rising, up, back)),
    ]


def half_waves(length: float, start: float = 0.0, *, monotone: bool = True) -> Every | At:
    """The turns of a cosine whose half wave is ``length`` ticks; none where it never turns."""
    if length == 0 or math.isinf(length):
        return At()
    return Every(abs(length), start=start, monotone=monotone)


def positive(schedule: str, **values: float) -> None:
    """Refuse a value that a formula divides by or takes the logarithm of.

    Raises:
        ScheduleError: one is not greater than 0.

    """
    for name, value in values.items():
        if not value > 0:
            raise ScheduleError(f"{schedule}: {name} must be greater than 0, got {value!r}", hint=f"{name}=1")


def not_negative(schedule: str, **values: float) -> None:
    """Refuse a value below 0.

    Raises:
        ScheduleError: one is.

    """
    for name, value in values.items():
        if not value >= 0:
            raise ScheduleError(f"{schedule}: {name} must not be negative, got {value!r}", hint=f"{name}=0")


def in_cycle(t: Ticks, first: float, mult: float) -> tuple[Ticks, Ticks]:
    """Ticks into the cycle, and its length: first, first * mult, first * mult² …; whole starts are exact."""
    if mult == 1:
        return t % first, np.full(t.shape, float(first))
    starts: list[float] = [0]
    length, last = first, t.max(initial=0.0)
    while starts[-1] + length <= last:
        starts.append(starts[-1] + length)
        length *= mult
    at: Ticks = np.array(starts, dtype=np.float64)
    i = np.searchsorted(at, t, side="right") - 1
    return t - at[i], first * float(mult) ** i.astype(np.float64)


def as_function(value: Any, variable: str) -> tuple[Callable[[Ticks], Rates], Bounds | None]:
    """An expression's text or a Python callable, as a formula over ticks and, if known, its bounds."""
    if isinstance(value, str):
        expression = Expression.parse(value, variable)
        return expression, expression.bounds
    if not callable(value):
        raise ScheduleError(
            f"a function of {variable} is expected, got {value!r}", hint=f"'0.95**{variable}'"
        )

    def called(tick: float) -> float:
        try:
            return float(value(int(tick)))
        except (ArithmeticError, ValueError) as error:
            message = f"the function raises at {variable} = {tick:.0f}: {error}"
            raise ScheduleError(message, step=int(tick)) from None

    return lambda ticks: np.array([called(tick) for tick in ticks.ravel()]).reshape(ticks.shape), None
