"""Where a timeline rises, jumps or stays, at a cost that does not grow with its ticks.

A stretch of few ticks is looked at tick by tick, a longer one beside its turns or by its envelope, closer and
closer where that leaves a question open. What stays open is refused, never guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lrviz.engine.breakpoints import beside
from lrviz.engine.distinct import distinct
from lrviz.engine.envelope import BLOCK, EVERY_TICK, MOST_TURNS, columns, envelope
from lrviz.engine.sampling import LOOKED_AT
from lrviz.engine.timeline import value_at_tick
from lrviz.errors import ScheduleError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.engine.envelope import Envelope, Flags, Whole
    from lrviz.engine.timeline import Phase, Rates, Timeline

FEW = 1 << 14
"""Ticks that are looked at one by one."""
MOST_LOOKS = 1 << 12
"""Stretches that are looked at more closely."""


def first_rise(timeline: Timeline, low: int, high: int, slack: float) -> int | None:
    """The first tick of [low, high) that is above an earlier one by more than ``slack``.

    Raises:
        ScheduleError: it cannot be told, or the framework refuses a tick.

    """
    tick, least = low, value_at_tick(timeline, low)
    for ticks in _monotone_between(timeline, low, high):
        values = timeline(ticks.astype(float))
        lowest = np.fmin.accumulate(np.append(least, values))[:-1]
        above = np.flatnonzero(values - lowest > slack)
        if above.size:
            at = int(above[0])
            return _first_above(
                timeline, int(ticks[at - 1]) if at else tick, int(ticks[at]), lowest[at] + slack
            )
        tick, least = int(ticks[-1]), float(np.fmin(lowest[-1], values[-1]))
    return None


def first_jump(timeline: Timeline, low: int, high: int, limit: float) -> int | None:
    """The first tick of (low, high) whose value differs from the one before by more than ``limit``.

    Raises:
        ScheduleError: it cannot be told, or the framework refuses a tick.

    """
    waiting = [(low, high)]
    for _ in range(MOST_LOOKS):
        if not waiting:
            return None
        start, stop = waiting.pop()
        if _is_short(timeline, stop - start):
            found = _jump_by_tick(timeline, start, stop, limit)
            if found is not None:
                return found
            continue
        first, last, seen = _look(timeline, start, stop)
        across = np.abs(timeline(first[1:].astype(float)) - timeline(last[:-1].astype(float))) > limit
        pieces = _stretches(first, last, seen.high - seen.low > limit)
        pieces += [(tick, tick + 2) for tick in last[:-1][across].tolist()]
        waiting += sorted(pieces, reverse=True)
    raise _refusal(high - low)


def count_within(timeline: Timeline, low: int, high: int, least: float, greatest: float) -> int:
    """The ticks of [low, high) whose value lies in [least, greatest].

    Raises:
        ScheduleError: it cannot be told, or the framework refuses a tick.

    """
    total, waiting = 0, [(low, high)]
    for _ in range(MOST_LOOKS):
        if not waiting:
            return total
        start, stop = waiting.pop()
        if _is_short(timeline, stop - start):
            blocks = (timeline(ticks) for ticks in _blocks(start, stop))
            total += sum(int(((values >= least) & (values <= greatest)).sum()) for values in blocks)
            continue
        first, last, seen = _look(timeline, start, stop)
        inside = (seen.low >= least) & (seen.high <= greatest) & ~seen.odd
        outside = (seen.high < least) | (seen.low > greatest) | np.isnan(seen.low)
        total += int((last - first + 1)[inside].sum())
        waiting += _stretches(first, last, ~inside & ~outside)
    raise _refusal(high - low)


# --- stretches -------------------------------------------------------------------------------------------


def _monotone_between(timeline: Timeline, low: int, high: int) -> Iterator[Whole]:
    """Ascending ticks between which the timeline is monotone, block by block."""
    for phase, first, stop in timeline.spans(low, high):
        if phase.shape.count(first - 1, stop) <= MOST_TURNS:
            yield _beside_turns(phase, first, stop)
        elif timeline.walks or stop - first <= EVERY_TICK:
            yield from (ticks.astype(np.int64) for ticks in _blocks(first, stop))
        else:
            raise _refusal(stop - first)


def _beside_turns(phase: Phase, first: int, stop: int) -> Whole:
    ticks = np.append(beside(phase.shape.positions(first - 1, stop)), [first, stop - 1])
    return distinct(ticks[(ticks >= first) & (ticks < stop)])


def _first_above(timeline: Timeline, low: int, high: int, value: float) -> int:
    """The first tick of (low, high] above a value, where the timeline rises in between."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if value_at_tick(timeline, middle) > value else (middle, high)
    return high


def _is_short(timeline: Timeline, ticks: int) -> bool:
    return ticks <= FEW or timeline.walks


def _look(timeline: Timeline, low: int, high: int) -> tuple[Whole, Whole, Envelope]:
    first, last = columns(low, high, LOOKED_AT)
    return first, last, exact_envelope(timeline, first, last)


def exact_envelope(timeline: Timeline, first: Whole, last: Whole) -> Envelope:
    """The envelope where it is exact, neither sampled nor only as fine as a picture shows.

    Raises:
        ScheduleError: it is not.

    """
    low, high = int(first[0]), int(last[-1]) + 1
    vague = high - low > EVERY_TICK and any(phase.shape.bounds for phase, _, _ in timeline.spans(low, high))
    seen = None if vague else envelope(timeline, first, last)
    if seen is None or seen.sampled.any():
        raise _refusal(high - low)
    return seen


def _stretches(first: Whole, last: Whole, chosen: Flags) -> list[tuple[int, int]]:
    return list(zip(first[chosen].tolist(), (last[chosen] + 1).tolist(), strict=True))


def _blocks(low: int, high: int) -> Iterator[Rates]:
    for start in range(low, high, BLOCK):
        yield np.arange(start, min(start + BLOCK, high), dtype=float)


# --- values ----------------------------------------------------------------------------------------------


def _jump_by_tick(timeline: Timeline, low: int, high: int, limit: float) -> int | None:
    before = value_at_tick(timeline, low)
    for ticks in _blocks(low, high):
        values = timeline(ticks)
        with np.errstate(all="ignore"):  # between infinite values there is no difference
            wide = np.flatnonzero(np.abs(np.diff(values, prepend=before)) > limit)
        if wide.size:
            return int(ticks[wide[0]])
        before = float(values[-1])
    return None


def alike(one: Rates, other: Rates, slack: float) -> Flags:
    """Where two values are the same: equal, both no number, or no further apart."""
    with np.errstate(all="ignore"):
        near = np.abs(one - other) <= slack
    same: Flags = near | (one == other) | (np.isnan(one) & np.isnan(other))
    return same


def _refusal(ticks: int) -> ScheduleError:
    return ScheduleError(f"it cannot be told for certain of {ticks} steps", hint="give fewer <steps>")
