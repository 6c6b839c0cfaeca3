"""A schedule evaluated over a run: its facts, and the polyline a picture needs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lrviz.envelope import Envelope, columns, envelope
from lrviz.errors import ScheduleError

if TYPE_CHECKING:
    from lrviz.timeline import Rates, Timeline

LOOKED_AT = 1024
"""Columns in which the extremes of a whole run are looked for."""
EXACT_MEAN = 1 << 20
MIDPOINTS = 1 << 16
FEW = 5
MOST_JUMPS = 4096


@dataclass(frozen=True)
class Jumps:
    """How often the value jumps one way, and the first few ticks; ``count`` is None if too often to count."""

    count: int | None
    ticks: tuple[int, ...]


@dataclass(frozen=True)
class Facts:
    """What can be said of a run of ``steps`` updates, t = 0 … steps - 1.

    ``stop`` is (tick, reason) where the framework raises inside the run; everything else then
    speaks of the ticks before. ``peak_at`` and ``low_at`` are where the extremes are first reached, to 1e-12.
    ``after`` is the value at t = steps, None where the framework
    refuses it. ``mean_exact`` is false where the mean is that of 65,536 midpoints. ``sampled`` is
    the number of 1024 columns whose extremes are no better than samples.
    """

    steps: int
    first: float
    peak: float
    peak_at: int
    low: float
    low_at: int
    last: float
    after: float | None
    mean: float
    mean_exact: bool
    warmup_end: int | None
    restarts: Jumps
    drops: Jumps
    stop: tuple[int, str] | None
    sampled: int


def facts(timeline: Timeline, n: int) -> Facts:
    """The facts of the first ``n`` ticks.

    Raises:
        ScheduleError: the framework refuses tick 0.
        ValueError: ``n`` is not positive.

    """
    if n < 1:
        raise ValueError(f"a run has at least one step, got {n!r}")
    with np.errstate(all="ignore"):  # growth may leave float64, and says so itself
        return _facts(timeline, n)


def _facts(timeline: Timeline, n: int) -> Facts:
    seen, ran, stop = seen_until(timeline, 0, n, LOOKED_AT)
    first, last = timeline(np.array([0.0, ran - 1.0]))
    peak, low = _first_of(seen.high, seen.high.max()), _first_of(seen.low, seen.low.min())
    mean, exact = _mean(timeline, ran)
    restarts, drops = _jumps(timeline, ran)
    return Facts(
        steps=n,
        first=float(first),
        peak=float(seen.high.max()),
        peak_at=int(seen.high_at[peak]),
        low=float(seen.low.min()),
        low_at=int(seen.low_at[low]),
        last=float(last),
        after=None if stop else _after(timeline, n),
        mean=mean,
        mean_exact=exact,
        warmup_end=_warmup_end(timeline),
        restarts=restarts,
        drops=drops,
        stop=stop,
        sampled=int(seen.sampled.sum()),
    )


def _first_of(values: Rates, extreme: float) -> int:
    """Where the extreme is reached first: peaks that differ by rounding are one peak."""
    return int(np.argmax(np.abs(values - extreme) <= 1e-12 * abs(extreme)))


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
            raise timeline.refusal() if stop is None else ScheduleError(stop[1], step=stop[0])
        try:
            return envelope(timeline, *columns(low, high, count)), high, stop
        except ScheduleError as error:
            if error.step is None or error.step >= high:
                raise
            high, stop = error.step, (error.step, error.message)


def _after(timeline: Timeline, n: int) -> float | None:
    try:
        return float(timeline(np.array([float(n)]))[0])
    except ScheduleError:
        return None


def _mean(timeline: Timeline, n: int) -> tuple[float, bool]:
    if n <= EXACT_MEAN:
        return float(timeline(np.arange(n, dtype=float)).mean(dtype=np.longdouble)), True
    whole, rest = divmod(n, MIDPOINTS)
    i = np.arange(MIDPOINTS, dtype=np.int64)
    middle = whole * i + rest * i // MIDPOINTS + whole // 2
    return float(timeline(middle.astype(float)).mean()), False


def _warmup_end(timeline: Timeline) -> int | None:
    """The first tick after the phases called warmup."""
    starts = [phase.start for phase in timeline.phases[1:]]
    if timeline.phases[0].name != "warmup" or not starts:
        return None
    return math.ceil(starts[0])


def _jumps(timeline: Timeline, n: int) -> tuple[Jumps, Jumps]:
    ticks = timeline.jumps(0, n, MOST_JUMPS)
    if ticks is None:
        return Jumps(None, ()), Jumps(None, ())
    at = np.array(ticks, dtype=float)
    up = timeline(at) > timeline(at - 1) if at.size else np.zeros(0, dtype=bool)
    rises = [tick for tick, rising in zip(ticks, up, strict=True) if rising]
    falls = [tick for tick, rising in zip(ticks, up, strict=True) if not rising]
    return Jumps(len(rises), tuple(rises[:FEW])), Jumps(len(falls), tuple(falls[:FEW]))


def cells(timeline: Timeline, n: int, count: int) -> tuple[Rates, Rates]:
    """Least and greatest value of at most ``count`` equal stretches of a run; nan after a stop."""
    first, last = columns(0, n, count)
    _, ran, _ = seen_until(timeline, 0, n, count)
    runs = first < ran
    seen = envelope(timeline, first[runs], np.minimum(last[runs], ran - 1))
    gap = np.full(int((~runs).sum()), math.nan)
    return np.append(seen.low, gap), np.append(seen.high, gap)


@dataclass(frozen=True)
class Polyline:
    """Points to draw: exact at every pixel column, jumps vertical; ``stop`` as in Facts."""

    x: Rates
    y: Rates
    stop: tuple[int, str] | None
    sampled: int


def polyline(timeline: Timeline, low: int, high: int, count: int) -> Polyline:
    """The curve over [low, high): every tick where there are few, else each column's ends and extremes."""
    seen, high, stop = seen_until(timeline, low, high, count)
    if high - low <= 2 * count:
        ticks = np.arange(low, high, dtype=np.int64)
    else:
        edges = np.concatenate(columns(low, high, count))
        ticks = np.unique(np.concatenate([edges, seen.low_at, seen.high_at]))
    x = ticks.astype(float)
    y = timeline(x)
    jumps = timeline.jumps(low, high, count)
    if jumps:
        x, y = _with_verticals(x, y, np.array(jumps, dtype=float), timeline)
    return Polyline(x, y, stop, int(seen.sampled.sum()))


def _with_verticals(x: Rates, y: Rates, jumps: Rates, timeline: Timeline) -> tuple[Rates, Rates]:
    """At each jump exactly two points: the value before, then the value after."""
    kept = ~np.isin(x, jumps)
    x = np.concatenate([x[kept], jumps, jumps])
    y = np.concatenate([y[kept], timeline(jumps - 1), timeline(jumps)])
    order = np.lexsort((np.concatenate([np.zeros(kept.sum()), np.zeros(jumps.size), np.ones(jumps.size)]), x))
    return x[order], y[order]
