"""The whole number that makes a model of all rows, if any does: tried all at once, row after row.

A model gives the value at a tick for a number, maybe times a factor that is left open. Each row that is looked
at leaves fewer numbers; the one that is chosen of those left is held against all rows, and where it fails the
row that refutes it is looked at as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lrviz.engine.distinct import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lrviz.compare.log.rows import Rows
    from lrviz.engine.timeline import Rates, TickArray

    Bounds = tuple[Rates, Rates]
    Numbers = NDArray[np.float64]

Model = Callable[["TickArray", "Numbers"], "Rates"]
GRID = 1 << 15
"""Numbers that are tried one by one; of more, those between which a row changes sides are sought."""
FEW = 1 << 11
"""Numbers that are all tried."""
TRIED = 8
COARSE = 128
"""Rows, and numbers, by which the row is chosen that decides most."""
MOST_REFUTED = 64
"""Choices of a number that rows may refute."""
AMONG = 1 << 9
"""Numbers that are left among which the one is chosen."""


class Match(NamedTuple):
    """The number and the factor that explain all rows, and the least and greatest number that do."""

    number: int
    factor: float = 1.0
    least: int = 0
    most: int = 0


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
    """The simplest factor that makes the model that of all rows."""
    low, high = factor_bounds(modelled, rows)
    least, most = float(low.max(initial=0.0)), float(high.min(initial=np.inf))
    if not free:
        return 1.0 if least <= 1 <= most else None
    return simplest(least, most) if 0 <= least <= most < np.inf and most > 0 else None


def simplest(low: float, high: float) -> float:
    """The number with the fewest digits between two, which are positive."""
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
    glance = rows[rows.glance]
    numbers = _numbers(model, low, high, glance, free=free)
    return _chosen(model, numbers, rows, glance, free=free)


def _numbers(model: Model, low: int, high: int, rows: Rows, *, free: bool) -> Numbers:
    """Of many those with which the row that decides most is explained, or between which it changes sides."""
    if high - low < FEW:
        return _spread(low, high, FEW)
    largest = int(np.argmax(np.abs(rows.values)))
    reference = rows[largest : largest + 1] if free else None
    tried = rows[np.linspace(0, len(rows) - 1, min(len(rows), TRIED)).round().astype(np.intp)]
    near = np.count_nonzero(_near(*_aside(model, _spread(low, high, COARSE), tried, reference)), axis=1)
    place = int(np.argmin(np.where(near == 0, COARSE, near)))
    row = tried[place : place + 1]
    grid = _spread(low, high, GRID)
    (aside,), (slack,) = _aside(model, grid, row, reference)
    crossing = np.flatnonzero((aside[:-1] * aside[1:] < 0) & (np.diff(grid) > 1))
    lower, upper = grid[crossing], grid[crossing + 1]
    while lower.size and bool(np.any(upper - lower > 1)):
        middle = np.floor((lower + upper) / 2)
        is_below = np.sign(_aside(model, middle, row, reference)[0][0]) == np.sign(aside[crossing])
        lower, upper = np.where(is_below, middle, lower), np.where(is_below, upper, middle)
    with np.errstate(invalid="ignore"):
        return distinct(np.concatenate([grid[np.abs(aside) <= slack], lower, upper]))


def _spread(low: int, high: int, most: int) -> Numbers:
    if high - low < most:
        return np.arange(float(low), high + 1.0)
    return distinct(np.append(np.geomspace(max(low, 1), high, most).round(), [float(low), float(high)]))


def _aside(model: Model, numbers: Numbers, rows: Rows, reference: Rows | None) -> Bounds:
    """How far each row is from the model of each number, and may be; a factor comes from another row."""
    with np.errstate(all="ignore"):
        modelled = model(*np.broadcast_arrays(rows.ticks[:, None], numbers))
        slack = np.broadcast_to(rows.slack[:, None], modelled.shape)
        if reference is not None:
            largest = model(np.full(numbers.shape, reference.ticks[0]), numbers)
            modelled = modelled * (reference.values[0] / largest)
            slack = slack + np.abs(modelled / reference.values[0]) * reference.slack[0]
    return modelled - rows.values[:, None], slack


def _near(aside: Rates, slack: Rates) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        found: NDArray[np.bool_] = (np.abs(aside) <= slack)[:, :-1] | (aside[:, :-1] * aside[:, 1:] < 0)
    return found


def _chosen(model: Model, numbers: Numbers, rows: Rows, looked_at: Rows, *, free: bool) -> Match | None:
    """The roundest number that no row refutes."""
    left = _left(model, numbers, looked_at, free=free)
    found: dict[str, tuple[int, float]] = {}
    for name, choose in (("number", _roundest), ("least", np.min), ("most", np.max)):
        for _ in range(MOST_REFUTED):
            if not left.size:
                return None
            number = float(choose(left))
            modelled = model(rows.ticks, np.array(number))
            factor = factor_of(modelled, rows, free=free)
            if factor is not None:
                found[name] = int(number), factor
                break
            low, high = factor_bounds(modelled, rows)
            left = _left(model, left, rows[np.array([np.argmax(low), np.argmin(high)])], free=free)
            left = left[left != number]
        else:
            return None
    return Match(*found["number"], found["least"][0], found["most"][0])


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


def _roundest(numbers: Numbers) -> float:
    """The one with the fewest digits before its zeros, of those the one in the middle."""
    middle = numbers[numbers.size // 2]
    few = numbers[:: max(1, numbers.size // AMONG)]
    return min(few.tolist(), key=lambda number: (len(f"{number:.0f}".rstrip("0")), abs(number - middle)))
