"""A timeline over pixel columns: its extremes, its cells, the polyline a picture needs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lrviz.engine.distinct import distinct
from lrviz.engine.envelope import Envelope, columns, envelope
from lrviz.errors import ScheduleError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from lrviz.engine.envelope import Flags, Whole
    from lrviz.engine.timeline import Rates, Timeline


LEAP = 10
SEEN = 1e-3
"""How many times as large as its neighbours a change is that is a jump, and the least part of all of them."""
LOOKED_AT = 1024
"""Columns in which the extremes of a whole run are looked for."""
MOST_STAIRS = 50


def seen_until(
    timeline: Timeline, low: int, high: int, count: int
) -> tuple[Envelope, int, tuple[int, str] | None]:
    """The envelope of [low, high) in ``count`` columns, up to where the framework raises; that tick and why.

    Raises:
        ScheduleError: the framework raises at ``low`` already.

    """
    stop: tuple[int, str] | None = None
    if timeline.end < high:
        high, stop = int(timeline.end), (int(timeline.end), timeline.why)
    while True:
        if high <= low:
            raise (
                timeline.refusal()
                if stop is None
                else ScheduleError(stop[1], hint="give fewer <steps>", step=stop[0])
            )
        try:
            return envelope(timeline, *columns(low, high, count)), high, stop
        except ScheduleError as error:
            if error.step is None or error.step >= high:
                raise
            high, stop = error.step, (error.step, error.message)


def first_not_finite(timeline: Timeline, seen: Envelope, low: int, high: int) -> int | None:
    """The first tick of [low, high) whose value is infinite or nan; ``seen`` has its LOOKED_AT columns."""
    return first_tick(timeline, seen, low, high, lambda found: found.odd)


def first_tick(
    timeline: Timeline, seen: Envelope, low: int, high: int, holds: Callable[[Envelope], Flags]
) -> int | None:
    """The first tick of [low, high) of which it holds; ``seen`` has the LOOKED_AT columns of them."""
    return _tick(timeline, (seen, low, high), holds, 0)


def last_tick(
    timeline: Timeline, seen: Envelope, low: int, high: int, holds: Callable[[Envelope], Flags]
) -> int | None:
    """The last tick of [low, high) of which it holds; ``seen`` has the LOOKED_AT columns of them."""
    return _tick(timeline, (seen, low, high), holds, -1)


def _tick(
    timeline: Timeline, view: tuple[Envelope, int, int], holds: Callable[[Envelope], Flags], which: int
) -> int | None:
    """The first or last tick of which it holds, of a view and the columns of it that are seen."""
    seen, low, high = view
    at = np.flatnonzero(holds(seen))
    if not at.size:
        return None
    first, last = (int(ends[at[which]]) for ends in columns(low, high, LOOKED_AT))
    if first == last:
        return first
    closer = envelope(timeline, *columns(first, last + 1, LOOKED_AT))
    return _tick(timeline, (closer, first, last + 1), holds, which)


def cells(timeline: Timeline, n: int, count: int) -> tuple[Rates, Rates]:
    """Least and greatest value of at most ``count`` equal stretches of a run; nan after a stop."""
    first, last = columns(0, n, count)
    _, ran, _ = seen_until(timeline, 0, n, count)
    return _extremes(timeline, first, last, ran)


def _extremes(timeline: Timeline, first: Whole, last: Whole, ran: int) -> tuple[Rates, Rates]:
    runs = first < ran
    seen = envelope(timeline, first[runs], np.minimum(last[runs], ran - 1))
    gap = np.full(int((~runs).sum()), math.nan)
    return np.append(seen.low, gap), np.append(seen.high, gap)


class Cells(NamedTuple):
    """Least and greatest value of each stretch of a run, nan after a stop; where it begins and ends."""

    low: Rates
    high: Rates
    first: float
    last: float


def cells_apart(timeline: Timeline, n: int, count: int) -> Cells:
    """A run in at most ``count`` stretches, of which neither the first nor the last one hides the peak.

    They are equal, but the first one ends before the peak, or the last one begins behind it.
    """
    first, last = columns(0, n, count)
    seen, ran, _ = seen_until(timeline, 0, n, count)
    peak = int(seen.high_at[np.argmax(np.nan_to_num(seen.high, nan=-math.inf))])
    end = int(np.searchsorted(first, ran)) - 1
    if end > 0 and 0 < peak <= last[0]:
        last[0], first[1] = peak - 1, peak
    elif end > 0 and first[end] <= peak < ran - 1:
        last[end - 1], first[end] = peak, peak + 1
    low, high = _extremes(timeline, first, last, ran)
    return Cells(low, high, *timeline(np.array([0.0, ran - 1.0])).tolist())


class Polyline(NamedTuple):
    """Points to draw: exact at every pixel column, jumps vertical."""

    x: Rates
    y: Rates


def polyline(timeline: Timeline, low: int, high: int, count: int) -> Polyline:
    """The curve over [low, high): every tick where there are few, else each column's ends and extremes."""
    seen, high, _ = seen_until(timeline, low, high, count)
    if high - low <= 2 * count:
        ticks = np.arange(low, high, dtype=np.int64)
    else:
        edges = np.concatenate(columns(low, high, count))
        found = [edges, seen.low_at, seen.high_at]
        if timeline.walks:  # where it jumps is not known, but an extreme may be the first value after a jump
            found += [np.maximum(at - 1, low) for at in (seen.low_at, seen.high_at)]
        ticks = distinct(np.concatenate(found))
    x = ticks.astype(float)
    y = timeline(x)
    jumps = np.array(timeline.jumps(low, high, count) or [], dtype=float)
    if timeline.walks and len(x) == high - low:
        jumps = distinct(np.concatenate([jumps, x[leaps(y)]]))
    if jumps.size:
        x, y = _with_verticals(x, y, jumps, timeline)
    return Polyline(x, y)


def are_stairs(steps: int) -> bool:
    """Whether so few steps are drawn each until the next, as an LR holds to the end of its step."""
    return steps <= MOST_STAIRS


def stairs(timeline: Timeline, low: int, high: int) -> Polyline:
    """Each value of [low, high) from its tick to the next."""
    ticks = np.arange(low, high, dtype=float)
    return Polyline(np.column_stack([ticks, ticks + 1]).ravel(), timeline(ticks).repeat(2))


def leaps(y: Rates) -> NDArray[np.intp]:
    """Where values that follow each other change by far more than just before and just after.

    A change that has none beside it stands out from nothing.
    """
    if y.size < 3:
        return np.empty(0, dtype=np.intp)
    change = np.abs(np.diff(y, prepend=y[:1], append=y[-1:]))
    before, here, after = np.pad(change, (1, 0))[:-2], change[:-1], change[1:]
    stands_out = here > LEAP * np.maximum(before, after)
    return np.flatnonzero(stands_out & (here > SEEN * np.ptp(y)))


def _with_verticals(x: Rates, y: Rates, jumps: Rates, timeline: Timeline) -> tuple[Rates, Rates]:
    """At each jump exactly two points: the value before, then the value after."""
    kept = ~np.isin(x, jumps)
    x = np.concatenate([x[kept], jumps, jumps])
    y = np.concatenate([y[kept], timeline(jumps - 1), timeline(jumps)])
    order = np.lexsort((np.concatenate([np.zeros(kept.sum()), np.zeros(jumps.size), np.ones(jumps.size)]), x))
    return x[order], y[order]
