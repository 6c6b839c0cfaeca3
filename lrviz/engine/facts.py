"""A schedule evaluated over a run: its facts, and the polyline a picture needs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lrviz.engine.sampling import LOOKED_AT, first_not_finite, seen_until
from lrviz.errors import ScheduleError

if TYPE_CHECKING:
    from lrviz.engine.timeline import Rates, Timeline

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
    the number of 1024 columns whose extremes are no better than samples. ``not_finite`` is the first tick
    whose value is infinite or nan.
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
    not_finite: int | None


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
        not_finite=first_not_finite(timeline, seen, 0, ran),
    )


def _first_of(values: Rates, extreme: float) -> int:
    """Where the extreme is reached first: peaks that differ by rounding are one peak."""
    return int(np.argmax(np.abs(values - extreme) <= 1e-12 * abs(extreme)))


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
    if timeline.phases[0].kind != "warmup" or not starts:
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
