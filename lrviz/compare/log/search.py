"""The whole number that makes a model of all rows, if any does: tried all at once, row after row.

A model gives the value at a tick for a number, maybe times a factor that is left open. Each row that is
looked at leaves fewer numbers; the one that is chosen of those left is held against all rows, and where it
fails the row that refutes it is looked at as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lrviz.engine.distinct import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lrviz.compare.log.log_rows import Rows
    from lrviz.engine.timeline import Rates, TickArray

    Bounds = tuple[Rates, Rates]
    Numbers = NDArray[np.float64]

Model = Callable[["TickArray", "Numbers"], "Rates"]
FEW = 1 << 13
"""Numbers that are all tried."""
GRID = 1 << 11
"""Of more, stretches between two that are looked at in one go."""
MOST_ZOOMS = 6
MOST_STRETCHES = 2 * GRID
"""Of more, parts tell no more: the model turns between any two numbers."""
MISSED = 3
"""Rows that may have their value nowhere between two numbers."""
MOST_REFUTED = 32
"""Choices of a number that rows may refute."""


class Match(NamedTuple):
    """The number and the factor that explain all rows, and the least and greatest number that do.

    All from ``least`` to ``most`` do; of a curve that comes again ``lowest`` may lie before a gap.
    """

    number: int
    factor: float = 1.0
    least: int = 0
    most: int = 0
    lowest: int = 0


def factor_bounds(modelled: Rates, rows: Rows) -> Bounds:
    """Between what the factor of each row lies; where nothing can be, the lower bound is above the upper."""
    with np.errstate(all="ignore"):
        one, other = (rows.values - rows.slack) / modelled, (rows.values + rows.slack) / modelled
        any_factor = (modelled == 0) & (np.abs(rows.values) <= rows.slack)
    no_factor = (modelled == 0) & ~any_factor | ~np.isfinite(modelled)
    low = np.where(any_factor, -np.inf, np.where(no_factor, np.inf, np.fmin(one, other)))
    high = np.where(any_factor, np.inf, np.where(no_factor, -np.inf, np.fmax(one, other)))
    return low, high


def factor_of(modelled: Rates, rows: Rows, *, free: bool = True) -> float | None:
    """The simplest factor that makes the model that of all rows; 1 unless it is ``free``."""
    low, high = factor_bounds(modelled, rows)
    if not _has_factor(low, high, free=free):
        return None
    return simplest(float(low.max(initial=0.0)), float(high.min())) if free else 1.0


def _has_factor(low: Rates, high: Rates, *, free: bool) -> bool:
    least, most = float(low.max(initial=0.0)), float(high.min(initial=np.inf))
    return 0 <= least <= most < np.inf and most > 0 if free else least <= 1 <= most


def simplest(low: float, high: float) -> float:
    """The number with the fewest digits between two."""
    if low <= 0:
        return 0.0
    middle = (low + high) / 2
    for digits in range(1, 17):
        number = float(f"{middle:.{digits - 1}e}")
        if low <= number <= high:
            return number
    return middle


def seek(model: Model, low: int, high: int, rows: Rows, *, free: bool = False) -> Match | None:
    """The roundest number of [low, high] with which the model explains all rows."""
    if high < low or len(rows) < 1 + free:
        return None
    numbers = _numbers(model, low, high, rows.glance, free=free)
    return _chosen(model, numbers, rows, free=free)


def _numbers(model: Model, low: int, high: int, rows: Rows, *, free: bool) -> Numbers:
    """All numbers if they are few, else those that no row leaves out together with what lies beside them."""
    if high - low < FEW:
        return np.arange(float(low), high + 1.0)
    largest = int(np.argmax(np.abs(rows.values)))
    reference = rows[largest : largest + 1] if free else None
    edges = distinct(np.append(np.geomspace(max(low, 1), high, GRID).round(), float(low)))
    lower, upper = edges[:-1], edges[1:]
    for _ in range(MOST_ZOOMS):
        lower, upper = _kept(model, lower, upper, rows, reference)
        if float((upper - lower).sum()) < FEW:
            return _whole_between(lower, upper)
        if lower.size > MOST_STRETCHES:
            break
        lower, upper = _parted(lower, upper, max(2, GRID // lower.size))
    ends = distinct(np.append(lower, upper))
    return distinct(np.append(ends, [_rounded(ends, digits) for digits in range(6)]))


def _kept(
    model: Model, lower: Numbers, upper: Numbers, rows: Rows, reference: Rows | None
) -> tuple[Numbers, Numbers]:
    """The stretches in which all rows but a few may be explained: a curve may turn between two numbers."""
    missed = np.zeros(lower.shape)
    for place in range(len(rows)):
        if not lower.size:
            break
        row = rows[place : place + 1]
        holds = _may_hold(*_aside(model, lower, row, reference), *_aside(model, upper, row, reference))
        missed += ~holds
        kept = missed <= MISSED
        lower, upper, missed = lower[kept], upper[kept], missed[kept]
    return lower, upper


def _aside(model: Model, numbers: Numbers, row: Rows, reference: Rows | None) -> Bounds:
    """How far the row is from the model of each number, and may be; a factor comes from another row."""
    with np.errstate(all="ignore"):
        modelled = model(np.full(numbers.shape, row.ticks[0]), numbers)
        slack = np.full(numbers.shape, row.slack[0])
        if reference is not None:
            largest = model(np.full(numbers.shape, reference.ticks[0]), numbers)
            modelled = modelled * (reference.values[0] / largest)
            slack = slack + np.abs(modelled / reference.values[0]) * reference.slack[0]
        return modelled - row.values[0], slack


def _may_hold(lower: Rates, low_slack: Rates, upper: Rates, high_slack: Rates) -> NDArray[np.bool_]:
    """Whether a number between two may explain a row: one of them does, or they are on both sides of it."""
    with np.errstate(all="ignore"):
        fits = (np.abs(lower) <= low_slack) | (np.abs(upper) <= high_slack)
        return np.asarray(fits | (np.sign(lower) * np.sign(upper) < 0))


def _parted(lower: Numbers, upper: Numbers, parts: int) -> tuple[Numbers, Numbers]:
    """Each stretch in so many, those that are empty left out."""
    edges = (lower[:, None] + (upper - lower)[:, None] * np.linspace(0, 1, parts + 1)).round()
    lower, upper = edges[:, :-1].ravel(), edges[:, 1:].ravel()
    return lower[lower < upper], upper[lower < upper]


def _whole_between(lower: Numbers, upper: Numbers) -> Numbers:
    if not lower.size:
        return lower
    stretches = zip(lower, upper, strict=True)
    return distinct(np.concatenate([np.arange(one, other + 1) for one, other in stretches]))


def _rounded(numbers: Numbers, digits: int) -> Numbers:
    """With no more digits than that behind the first."""
    power = 10.0 ** np.maximum(np.floor(np.log10(np.maximum(numbers, 1))) - digits, 0)
    rounded: Numbers = (numbers / power).round() * power
    return rounded


def _chosen(model: Model, numbers: Numbers, rows: Rows, *, free: bool) -> Match | None:
    """The roundest number that no row refutes, and the least and greatest that some rows do not."""
    left = _left(model, numbers, rows.glance, free=free)
    number, left = _unrefuted(model, left, rows, roundest, free=free)
    if number is None:
        return None
    lowest, left = _unrefuted(model, left, rows.some, np.min, free=free)
    left = _in_one_go(left, number) if _is_whole_range(numbers) else left
    least, _ = _unrefuted(model, left, rows.some, np.min, free=free)
    most, _ = _unrefuted(model, left, rows.some, np.max, free=free)
    factor = factor_of(model(rows.ticks, np.array(number)), rows, free=free)
    if not factor:
        return None
    return Match(int(number), factor, *(int(number if one is None else one) for one in (least, most, lowest)))


def _is_whole_range(numbers: Numbers) -> bool:
    """Whether no number between two is left out."""
    return bool(numbers.size == numbers[-1] - numbers[0] + 1)


def _in_one_go(left: Numbers, number: float) -> Numbers:
    """Those beside a number without a gap: of a curve that comes again, others would do, and none between."""
    breaks = np.flatnonzero(np.diff(left) > 1) + 1
    return next(part for part in np.split(left, breaks) if number in part)


def _unrefuted(
    model: Model, left: Numbers, rows: Rows, choose: Callable[[Numbers], float], *, free: bool
) -> tuple[float | None, Numbers]:
    """The number that is chosen of those that no row refutes; those that are left then."""
    for _ in range(MOST_REFUTED):
        if not left.size:
            break
        number = float(choose(left))
        for looked_at in dict.fromkeys((rows.some, rows)):
            low, high = factor_bounds(model(looked_at.ticks, np.array(number)), looked_at)
            if not _has_factor(low, high, free=free):
                refuting = looked_at[np.array([np.argmax(low), np.argmin(high)])]
                left = _left(model, left, refuting, free=free)
                left = left[left != number]
                break
        else:
            return number, left
    return None, left


def _left(model: Model, numbers: Numbers, rows: Rows, *, free: bool) -> Numbers:
    """The numbers that these rows do not refute."""
    least, most = (np.zeros(numbers.shape), np.full(numbers.shape, np.inf)) if free else (1.0, 1.0)
    least, most = np.broadcast_to(least, numbers.shape), np.broadcast_to(most, numbers.shape)
    for place in range(len(rows)):
        if not numbers.size:
            break
        row = rows[place : place + 1]
        low, high = factor_bounds(model(np.full(numbers.shape, row.ticks[0]), numbers), row)
        least, most = np.maximum(least, low), np.minimum(most, high)
        kept = least <= most
        numbers, least, most = numbers[kept], least[kept], most[kept]
    return numbers


def roundest(numbers: Numbers) -> float:
    """The one with the most zeros at its end, or else with a 5, of those the one in the middle."""
    middle = numbers[numbers.size // 2]
    for unit in (*(10.0**power for power in range(18, 0, -1)), 5.0):
        rounded = numbers[numbers % unit == 0]
        if rounded.size:
            return float(rounded[np.argmin(np.abs(rounded - middle))])
    return float(middle)
