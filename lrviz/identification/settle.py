"""From numbers that come near to those that people chose: as few digits as all rows allow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import islice, product
from typing import TYPE_CHECKING

import numpy as np

from lrviz.errors import LrvizError
from lrviz.identification.candidate import Range
from lrviz.identification.fitting import frame_of
from lrviz.identification.roundness import digits, roundest, roundings, simplest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lrviz.engine.timeline import Timeline
    from lrviz.identification.fitting import Frame
    from lrviz.identification.guess import Guess, Numbers
    from lrviz.identification.seen import Seen
    from lrviz.notation.spec import Spec

NEAR = 2.5
"""Of the slack: numbers that come no nearer, with LRs as they fit best, are not those of the curve."""
MOST_DIGITS = 4
"""Numbers of digits that are tried, from the fewest that come near."""
MOST = 16
"""Whole numbers of a range that are tried; the roundest."""
FARTHEST = 16
"""Times the least of a range, beyond which no number is tried."""
LARGEST = 1 << 40
"""A number that may be as large as this may be any."""


@dataclass(frozen=True)
class Settled:
    """All numbers of a guess as they are written, and those that may be others."""

    guess: Guess
    moved: Numbers
    rates: Numbers
    ranges: tuple[Range, ...] = ()

    @property
    def spec(self) -> Spec:
        """The spec that says it."""
        return self.guess.spec({**self.moved, **self.rates})

    @property
    def effort(self) -> int:
        """Digits of all of them."""
        return sum(map(digits, (*self.moved.values(), *self.rates.values())))


def settled(guess: Guess, near: Numbers, seen: Seen) -> Settled | None:
    """The simplest numbers with which the guess has every row, begun from some that come near."""
    whole = [key for key, value in near.items() if isinstance(value, int)]
    found = (_simplest(guess, moved, whole, seen) for moved in _rounded(guess, near, seen))
    best = next((one for one in found if one), None)
    return _ranged(best, whole, seen) if best else None


def _simplest(guess: Guess, moved: Numbers, whole: Sequence[str], seen: Seen) -> Settled | None:
    """The simplest whole numbers with which it has every row, all others as they are."""
    best = _with_rates(guess, moved, seen)
    for key in whole:
        at = best.moved if best else moved
        low, high = _range(_comes_near(guess, at, key, seen), int(at[key]))
        tries = _tried(key, low, high, at, seen) if high > low else []
        for value in tries:
            other = _with_rates(guess, {**at, key: value}, seen)
            if other and (best is None or other.effort < best.effort):
                best = other
    return best


def _reproduces(guess: Guess, numbers: Numbers, seen: Seen) -> bool:
    """Whether the schedule itself has every row."""
    line = guess.whole_line(numbers, int(seen.last) + 1)
    try:
        return line is not None and all(_has(line, rows) for rows in (seen.glance, seen))
    except LrvizError:
        return False


def _has(line: Timeline, rows: Seen) -> bool:
    return bool(np.all(np.abs(line(rows.ticks) - rows.values) <= rows.slack))


def _rounded(guess: Guess, near: Numbers, seen: Seen) -> Iterator[Numbers]:
    """Numbers that are no whole ones with as few digits as come near, then with some more; all come near."""
    broken = [key for key, value in near.items() if not isinstance(value, int)]
    written = product(*(dict.fromkeys(roundings(near[key])) for key in broken))
    tries = ({**near, **dict(zip(broken, values, strict=True))} for values in written)
    yield from islice((one for one in tries if _is_near(guess, one, seen)), MOST_DIGITS)


def _is_near(guess: Guess, moved: Numbers, seen: Seen) -> bool:
    frame = frame_of(guess, moved, _rows_of(guess, seen.glance))
    return frame is not None and frame.solved({}).worst <= NEAR


def _tried(key: str, low: int, high: int, at: Numbers, seen: Seen) -> list[int]:
    """Whole numbers that people may have chosen; what is not seen to end ends later, a run well beyond."""
    if low <= seen.last < high:
        low = int(seen.last) + 1
    is_endless = key == "steps" and high >= LARGEST
    beyond = [10 ** math.ceil(math.log10(2 * max(low, *at.values())))] if is_endless else []
    ends = [end for end in seen.ends if low <= end <= high]
    return [*beyond, *ends, *roundest(low, min(high, FARTHEST * max(low, 1)), MOST)]


def _comes_near(guess: Guess, at: Numbers, key: str, seen: Seen) -> Callable[[int], bool]:
    return lambda value: _is_near(guess, {**at, key: value}, seen)


def _rows_of(guess: Guess, rows: Seen) -> Seen:
    """The rows to seek numbers by: in float32 with its roundings, which the check after it leaves out."""
    return rows.loose if guess.is_single else rows


def _with_rates(guess: Guess, moved: Numbers, seen: Seen) -> Settled | None:
    """The simplest LRs with which it has every row."""
    for rows in dict.fromkeys((seen.many, seen)):
        frame = frame_of(guess, moved, _rows_of(guess, rows))
        rates = next(_simple(guess, frame, {}, {}), None) if frame else None
        if rates is None:
            return None
        found = Settled(guess, moved, rates)
        if _reproduces(guess, {**moved, **rates}, seen):
            return found
    return None


def _simple(guess: Guess, frame: Frame, known: Numbers, written: Numbers) -> Iterator[Numbers]:
    """LRs that fit, those with the fewest digits first; some are ``known``, and how they are written."""
    fit = frame.solved(known)
    free = [key for key in guess.scaled if key not in known]
    if not free:
        if fit.worst <= 1:
            yield written
        return
    if not fit.worst <= NEAR:
        return
    key = free[0]
    for number in _written(guess, frame, known, fit.rates, is_last=len(free) == 1):
        rate = guess.rate(key, number, known)
        if np.isfinite(rate) and rate >= 0 and (rate or key != guess.scaled[0]):
            yield from _simple(guess, frame, {**known, key: rate}, {**written, key: number})


def _written(guess: Guess, frame: Frame, known: Numbers, rates: Numbers, *, is_last: bool) -> Iterator[float]:
    """How the next LR may be written: the last one is between two bounds."""
    key = guess.scaled[len(known)]
    bounds = frame.bounds(known, key) if is_last else None
    if bounds is None:
        yield from roundings(guess.written(rates)[key])
    elif bounds[0] <= bounds[1]:
        at = {**known, key: 0.0}
        ends = sorted(guess.written({**at, key: max(end, 0.0)})[key] for end in bounds)
        if np.isfinite(ends).all():
            yield simplest(*ends)


def _ranged(found: Settled, whole: list[str], seen: Seen) -> Settled:
    """What was found, with the ranges of whole numbers that do as well, all others as they are."""

    def holds(key: str) -> Callable[[int], bool]:
        return lambda one: _reproduces(found.guess, {**found.moved, key: one, **found.rates}, seen)

    ranges = {key: _range(holds(key), int(found.moved[key])) for key in whole}
    return Settled(found.guess, found.moved, found.rates, tuple(_ranges_of(ranges)))


def _ranges_of(ranges: Mapping[str, tuple[int, int]]) -> Iterator[Range]:
    for key, (low, high) in ranges.items():
        if high > low:
            yield Range(key, low, None if high >= LARGEST else high)


def _range(holds: Callable[[int], bool], value: int) -> tuple[int, int]:
    """How far a whole number may go."""
    return _edge(holds, value, -1, 0), _edge(holds, value, 1, LARGEST)


def _edge(holds: Callable[[int], bool], good: int, sign: int, bound: int) -> int:
    """The last whole number that holds, from one that does."""
    stride, bad = 1, bound + sign
    while good != bound:
        beyond = max(good - stride, bound) if sign < 0 else min(good + stride, bound)
        if not holds(beyond):
            bad = beyond
            break
        good, stride = beyond, stride * 2
    while abs(bad - good) > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if holds(middle) else (good, middle)
    return good
