"""The exact minimum and maximum of a timeline over intervals of ticks, without visiting every tick.

The cost follows the number of intervals (pixel columns), not the number of ticks: a phase with
known turns is looked at beside its turns only, an expression by interval arithmetic. Where
neither reaches, values are sampled and the interval is marked so.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from lrviz.engine.breakpoints import Breakpoints, beside
from lrviz.engine.distinct import distinct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline

Whole: TypeAlias = "NDArray[np.int64]"
Flags: TypeAlias = "NDArray[np.bool_]"

EVERY_TICK = 20_000_000
"""Views of at most this many ticks may be looked at tick by tick."""
MOST_TURNS = 500_000
"""More turns than this are not listed one by one."""
TURNS_PER_INTERVAL = 32
"""Where a period allows it, only so many turns are looked at in an interval."""
BLOCK = 1 << 20
SAMPLES = 64
PIXELS_HIGH = 500
MOST_PIECES = 400_000


class Envelope(NamedTuple):
    """Per interval: least and greatest value, the first tick where each stands, and whether by sampling.

    ``odd`` marks intervals with a value that is infinite or nan; only where all are nan, the extremes are.
    """

    low: Rates
    high: Rates
    low_at: Whole
    high_at: Whole
    sampled: Flags
    odd: Flags

    @classmethod
    def empty(cls, size: int) -> Envelope:
        """Nothing seen yet."""
        values, at, no = np.full(size, math.nan), np.zeros(size, dtype=np.int64), np.zeros(size, dtype=bool)
        return cls(values, values.copy(), at, at.copy(), no, no.copy())

    def negated(self) -> Envelope:
        """The envelope of the same values, negated."""
        return self._replace(low=-self.high, high=-self.low, low_at=self.high_at, high_at=self.low_at)

    def merge(self, where: Whole, other: Envelope) -> None:
        """Take in the extremes of ``other``, whose interval i is part of interval ``where[i]``."""
        lower = (other.low < self.low[where]) | np.isnan(self.low[where])
        higher = (other.high > self.high[where]) | np.isnan(self.high[where])
        self.low[where[lower]], self.low_at[where[lower]] = other.low[lower], other.low_at[lower]
        self.high[where[higher]], self.high_at[where[higher]] = other.high[higher], other.high_at[higher]
        self.sampled[where] |= other.sampled
        self.odd[where] |= other.odd


def columns(low: int, high: int, count: int) -> tuple[Whole, Whole]:
    """First and last tick of at most ``count`` equal columns of the ticks [low, high)."""
    count = min(count, high - low)
    whole, rest = divmod(high - low, count)
    i = np.arange(count + 1, dtype=np.int64)
    edges = low + whole * i + rest * i // count  # whole * i stays below 2**53
    return edges[:-1], edges[1:] - 1


def envelope(timeline: Timeline, first: Whole, last: Whole) -> Envelope:
    """The extremes over the adjoining closed intervals first[i] … last[i].

    Raises:
        ScheduleError: the framework refuses a tick of the view.

    """
    result = Envelope.empty(first.size)
    if last[-1] >= timeline.end:
        raise timeline.refusal()
    with np.errstate(all="ignore"):
        for phase, low, stop in timeline.spans(int(first[0]), int(last[-1]) + 1):
            where = np.flatnonzero((last >= low) & (first < stop))
            inside = np.maximum(first[where], low), np.minimum(last[where], stop - 1)
            result.merge(where, _phase_envelope(phase, *inside))
    return result


def _phase_envelope(phase: Phase, first: Whole, last: Whole) -> Envelope:
    if phase.shape.walk and last[-1] > phase.shape.most_walked:
        phase.rate(last[-1:].astype(float))  # refused before a step of it is walked
    ticks = int(last[-1] - first[0]) + 1
    looked_at = _turning(phase.shape, first, last)
    if looked_at is not None:
        return _scattered(phase, first, last, looked_at)
    if phase.shape.walk or ticks <= EVERY_TICK:
        return _every_tick(phase, first, last)
    return _bisected(phase, first, last) if phase.shape.bounds else _sampled(phase, first, last)


def _turning(turns: Breakpoints, first: Whole, last: Whole) -> Whole | None:
    """The ticks beside the turns that can hold an extreme of some interval; None if too many."""
    low, high = float(first.min()) - 1, float(last.max()) + 1
    count = turns.count(low, high)
    if turns.period and turns.monotone and count > TURNS_PER_INTERVAL * first.size:
        return _outer_cycles(turns, turns.period, first, last)
    return beside(turns.positions(low, high)) if count <= MOST_TURNS else None


def _outer_cycles(turns: Breakpoints, period: int, first: Whole, last: Whole) -> Whole:
    """Beside the turns of the first and last cycles of each interval, which bound all between if monotone."""
    low = float(first.min()) - 1
    cycle = turns.positions(low, low + 2 * period) - low
    offsets = np.concatenate([cycle, cycle + period])
    starts = np.concatenate([first, np.maximum(last - 2 * period, first)])
    aligned = low + np.floor((starts - low) / period) * period
    return beside((aligned[:, None] + offsets).ravel())


def _scattered(phase: Phase, first: Whole, last: Whole, ticks: Whole) -> Envelope:
    """Extremes at the intervals' ends and at ``ticks``."""
    inside = ticks[(ticks >= first[0]) & (ticks <= last[-1])]
    every = np.sort(np.concatenate([first, last, inside]))
    values = np.asarray(phase.rate(every.astype(float)), dtype=float)
    return _reduced(every, values, np.searchsorted(every, first))


def _reduced(ticks: Whole, values: Rates, cuts: Whole) -> Envelope:
    """The extremes of each run of values; the runs begin at ``cuts``."""
    low, high = np.fmin.reduceat(values, cuts), np.fmax.reduceat(values, cuts)
    lengths = np.diff(np.append(cuts, values.size))
    low_at, high_at = (ticks[_first_equal(values, extreme, cuts, lengths)] for extreme in (low, high))
    odd = ~np.logical_and.reduceat(np.isfinite(values), cuts)
    return Envelope(low, high, low_at, high_at, np.zeros(cuts.size, dtype=bool), odd)


def _blocks(first: Whole, last: Whole) -> Iterator[tuple[int, int]]:
    for start in range(int(first[0]), int(last[-1]) + 1, BLOCK):
        yield start, min(start + BLOCK, int(last[-1]) + 1)


def _every_tick(phase: Phase, first: Whole, last: Whole) -> Envelope:
    result = Envelope.empty(first.size)
    for start, stop in _blocks(first, last):
        where = np.flatnonzero((last >= start) & (first < stop))
        ticks = np.arange(start, stop)
        values = np.asarray(phase.rate(ticks.astype(float)), dtype=float)
        result.merge(where, _reduced(ticks, values, np.maximum(first[where], start) - start))
    return result


def _first_equal(values: Rates, extremes: Rates, cuts: Whole, lengths: Whole) -> Whole:
    """For each run of ``values``, the index of the first one equal to the run's extreme."""
    owner = np.repeat(np.arange(cuts.size), lengths)
    hits = np.flatnonzero(values == extremes[owner])
    at = cuts.copy()
    at[owner[hits[::-1]]] = hits[::-1]  # the first one comes last, so it is what stays
    return at


def _sampled(phase: Phase, first: Whole, last: Whole) -> Envelope:
    """Evenly spaced ticks of each interval, its ends and what is known of its turns among them."""
    steps = np.minimum(last - first, SAMPLES)
    fractions = np.linspace(0.0, 1.0, SAMPLES + 1)
    ticks = distinct(first[:, None] + np.floor((last - first)[:, None] * fractions).astype(np.int64))
    if phase.shape.period:
        ticks = distinct(np.append(ticks, _outer_cycles(phase.shape, phase.shape.period, first, last)))
    found = _scattered(phase, first, last, ticks)
    return found._replace(sampled=last - first > steps)


def _bisected(phase: Phase, first: Whole, last: Whole) -> Envelope:
    """Halve every piece whose bounds may hide more than a quarter of a pixel, until none is left."""
    result = Envelope.empty(first.size)
    lows, highs, where = first, last, np.arange(first.size)
    looked_at = 0
    while lows.size:
        _look(phase, result, where, lows)
        _look(phase, result, where, highs)
        looked_at += lows.size
        if looked_at > MOST_PIECES:
            result.sampled[where] = True
            break
        least, greatest = phase_bounds(phase, lows.astype(float), highs.astype(float))
        if np.isinf(least).all() and np.isinf(greatest).all():
            return _sampled(phase, first, last)
        spread = np.fmax.reduce(result.high) - np.fmin.reduce(result.low)
        slack = np.fmax(spread, 0.0) / PIXELS_HIGH / 4
        resolved = (greatest <= result.high[where] + slack) & (least >= result.low[where] - slack)
        left = ~resolved & (highs - lows > 1)
        lows, highs, where = lows[left], highs[left], where[left]
        middle = (lows + highs) // 2
        lows, highs, where = np.append(lows, middle + 1), np.append(middle, highs), np.append(where, where)
    return result


def _look(phase: Phase, result: Envelope, where: Whole, ticks: Whole) -> None:
    """Take in one tick of some intervals, of the same interval maybe several."""
    order = np.lexsort((ticks, where))
    where, ticks = where[order], ticks[order]
    cuts = np.flatnonzero(np.diff(where, prepend=-1))
    values = np.asarray(phase.rate(ticks.astype(float)), dtype=float)
    result.merge(where[cuts], _reduced(ticks, values, cuts))


def phase_bounds(phase: Phase, low: TickArray, high: TickArray) -> tuple[Rates, Rates]:
    """Bounds of the phase's values over the closed intervals low[i] … high[i], in any order.

    Exact for a phase with turns; an expression's own bounds; infinite where nothing is known.
    """
    if phase.shape.bounds:
        return phase.shape.bounds(low, high)
    beside_turns = _turning(phase.shape, low.astype(np.int64), high.astype(np.int64))
    if beside_turns is None:
        return np.full(low.shape, -math.inf), np.full(low.shape, math.inf)
    ends = phase.rate(low), phase.rate(high)
    least, greatest = np.minimum(*ends), np.maximum(*ends)
    if beside_turns.size:
        values = np.append(phase.rate(beside_turns.astype(float)), math.nan)
        pairs = np.stack(
            [np.searchsorted(beside_turns, low), np.searchsorted(beside_turns, high, side="right")]
        )
        turns = pairs[0] < pairs[1]
        runs = pairs[:, turns].T.ravel()
        if runs.size:
            least[turns] = np.minimum(least[turns], np.minimum.reduceat(values, runs)[::2])
            greatest[turns] = np.maximum(greatest[turns], np.maximum.reduceat(values, runs)[::2])
    return least, greatest
