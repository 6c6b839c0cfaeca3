"""What can be said of a schedule over a run."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from lrviz.engine.compose import scale
from lrviz.engine.envelope import EVERY_TICK, envelope
from lrviz.engine.sampling import LOOKED_AT, first_not_finite, first_tick, seen_until
from lrviz.engine.timeline import value_at_tick
from lrviz.errors import ScheduleError

if TYPE_CHECKING:
    from lrviz.engine.envelope import Envelope
    from lrviz.engine.timeline import Timeline

EXACT_MEAN = 1 << 20
MIDPOINTS = 1 << 16
FEW = 5
MOST_JUMPS = 4096


@dataclass(frozen=True)
class Jumps:
    """How often the value jumps one way, and the first five places; ``count`` is None above 4096 jumps."""

    count: int | None
    ticks: tuple[int, ...]


class Facts(NamedTuple):
    """What can be said of a run of ``steps`` updates, t = 0 … steps - 1.

    Values are in the unit of the quantity (an LR is what the optimizer multiplies by), places are updates
    counted from 0. Where the framework raises inside the run, all but ``steps`` and ``stop`` speak of the
    updates before. Values may be infinite or nan: ``not_finite`` says from where on.

    Attributes:
        steps: the updates of the run.
        first: the value that update 0 uses.
        peak: the greatest value, nan if no value is a number.
        peak_at: the first update that comes within 1e-9 of ``peak``, relative.
        low: the least value, nan if no value is a number.
        low_at: the first update that comes within 1e-9 of ``low``, relative.
        last: the value that the last update uses.
        after: the value at t = steps, after the last update; None where the framework raises by then.
        mean: the mean over all updates, nan or infinite if any of them is.
        mean_exact: whether every update was looked at; if not, the mean is that of 65,536 of them.
        warmup_end: the first update after a warmup at the beginning; None without one, or if nothing follows.
        restarts: where the value jumps up.
        drops: where it jumps down.
        stop: the update at which the framework raises, and what it says; None if it does not.
        sampled: of the 1024 columns in which the extremes are looked for, those where they are samples.
        not_finite: the first update whose value is infinite or nan; None if there is none.

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


Seen: TypeAlias = "tuple[Envelope, int, tuple[int, str] | None]"
"""The extremes of a run in LOOKED_AT columns, the ticks it has, and where the framework raises."""


def facts(timeline: Timeline, n: int, seen: Seen | None = None) -> Facts:
    """The facts of the first ``n`` ticks, maybe ``seen`` already.

    Raises:
        ScheduleError: the framework refuses tick 0.
        ValueError: ``n`` is not positive.

    """
    if n < 1:
        raise ValueError(f"a run has at least one step, got {n!r}")
    with np.errstate(all="ignore"):  # growth may leave float64, and says so itself
        return _facts(timeline, n, *(seen or seen_until(timeline, 0, n, LOOKED_AT)))


def _facts(timeline: Timeline, n: int, seen: Envelope, ran: int, stop: tuple[int, str] | None) -> Facts:
    first, last = timeline(np.array([0.0, ran - 1.0]))
    peak, low = float(np.fmax.reduce(seen.high)), float(np.fmin.reduce(seen.low))
    mean, exact = _mean(timeline, ran)
    restarts, drops = _jumps(timeline, ran)
    return Facts(
        steps=n,
        first=float(first),
        peak=peak,
        peak_at=_peak_at(timeline, seen, ran),
        low=low,
        low_at=_peak_at(scale(timeline, -1.0), seen.negated(), ran),
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


def _peak_at(timeline: Timeline, seen: Envelope, ran: int) -> int:
    """Where the peak is reached first: peaks that differ by rounding are one peak.

    Of long curves without known turns it is the place seen in its column.
    """
    peak = float(np.fmax.reduce(seen.high))
    near = peak - 1e-9 * abs(peak) if math.isfinite(peak) else peak
    at: int | None = None
    if ran <= EVERY_TICK or all(phase.shape.skips for phase in timeline.phases):
        at = first_tick(timeline, seen, 0, ran, lambda found: found.high >= near)
    if at is None:
        return int(seen.high_at[np.argmax(seen.high >= near)])
    return at if timeline(np.array([float(at)])) == peak else _top(timeline, at, ran, near)


def _top(timeline: Timeline, at: int, ran: int, near: float) -> int:
    """The highest tick of the stretch from ``at`` on in which the curve stays near: a rise may be slow."""
    width = 1
    while True:
        last = min(at + width, ran - 1)
        stretch = envelope(timeline, np.array([at]), np.array([last]))
        if stretch.low[0] < near or last == ran - 1:
            return int(stretch.high_at[0])
        width *= 2


def _after(timeline: Timeline, n: int) -> float | None:
    try:
        return value_at_tick(timeline, n)
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
    """The first tick after the warmup, which may have several phases."""
    ends = [phase.start for phase in timeline.phases if phase.kind != "warmup"]
    if timeline.phases[0].kind != "warmup" or not ends or math.isinf(ends[0]):
        return None
    return math.ceil(ends[0])


def _jumps(timeline: Timeline, n: int) -> tuple[Jumps, Jumps]:
    ticks = timeline.jumps(0, n, MOST_JUMPS)
    if ticks is None:
        return Jumps(None, ()), Jumps(None, ())
    at = np.array(ticks, dtype=float)
    up = timeline(at) > timeline(at - 1) if at.size else np.zeros(0, dtype=bool)
    rises = [tick for tick, rising in zip(ticks, up, strict=True) if rising]
    falls = [tick for tick, rising in zip(ticks, up, strict=True) if not rising]
    return Jumps(len(rises), tuple(rises[:FEW])), Jumps(len(falls), tuple(falls[:FEW]))
