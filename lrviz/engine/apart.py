"""Where two timelines differ and by how much, at a cost that does not grow with their ticks.

Few ticks are compared one by one. Of many, those beside every turn and jump of either timeline are, and the
ends of pixel columns: between them both are smooth, so that halving finds the tick where they part. Where
turns are too many to be listed, columns are compared by their extremes, and what is found is a hull.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from lrviz.engine.breakpoints import beside
from lrviz.engine.changes import alike, exact_envelope
from lrviz.engine.distinct import distinct
from lrviz.engine.envelope import BLOCK, EVERY_TICK, MOST_TURNS, columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lrviz.engine.envelope import Flags, Whole
    from lrviz.engine.timeline import Rates, Timeline

WIDTHS = 1 << 14
"""Columns in which two long timelines are compared."""
CLOSER = 1 << 10
"""Ticks in a row that are looked at in some columns, and those between which the largest is sought."""
MOST_CLOSER = 256
"""Columns, or stretches, that are looked at so."""


@dataclass(frozen=True, eq=False)
class Apart:
    """The stretches first[i] … last[i] in which two timelines differ, and where by most.

    ``is_hull`` says that they may agree at some ticks in between.
    """

    first: Whole
    last: Whole
    most_at: Whole
    most: Rates
    is_hull: bool = False

    def __len__(self) -> int:
        return self.first.size

    @classmethod
    def nowhere(cls) -> Apart:
        """They are alike."""
        none = np.zeros(0, dtype=np.int64)
        return cls(none, none, none, np.zeros(0))

    def then(self, other: Apart) -> Apart:
        """With what follows; what adjoins is one stretch."""
        if not (len(self) and len(other) and self.last[-1] + 1 == other.first[0]):
            return Apart(
                np.append(self.first, other.first),
                np.append(self.last, other.last),
                np.append(self.most_at, other.most_at),
                np.append(self.most, other.most),
            )
        nearer = self if self.most[-1] >= other.most[0] else other
        place = -1 if nearer is self else 0
        return Apart(
            np.append(self.first, other.first[1:]),
            np.append(self.last[:-1], other.last),
            np.concatenate([self.most_at[:-1], nearer.most_at[[place]], other.most_at[1:]]),
            np.concatenate([self.most[:-1], nearer.most[[place]], other.most[1:]]),
        )


@dataclass(frozen=True, eq=False)
class Pair:
    """Two timelines, and how far apart their values may be that are alike."""

    one: Timeline
    other: Timeline
    slack: float

    @property
    def lines(self) -> tuple[Timeline, Timeline]:
        """Both."""
        return self.one, self.other

    def distance(self, ticks: Whole) -> Rates:
        """How far apart they are; what is no number is infinitely far."""
        here, there = self._values(ticks)
        with np.errstate(all="ignore"):
            far = np.abs(there - here)
        return np.where(np.isnan(far) & ~alike(here, there, self.slack), np.inf, far)

    def states(self, ticks: Whole) -> Whole:
        """0 where they are alike, else 1 or -1 for which is higher, 2 where one is no number."""
        here, there = self._values(ticks)
        with np.errstate(all="ignore"):
            side = np.nan_to_num(np.sign(there - here), nan=2.0)
        return np.where(alike(here, there, self.slack), 0, side).astype(np.int64)

    def _values(self, ticks: Whole) -> tuple[Rates, Rates]:
        return self.one(ticks.astype(float)), self.other(ticks.astype(float))


def apart(pair: Pair, low: int, high: int) -> Apart:
    """Where in [low, high) two timelines differ.

    Raises:
        ScheduleError: it cannot be told, or a framework refuses a tick.

    """
    if high <= low:
        return Apart.nowhere()
    if high - low <= BLOCK or pair.one.walks or pair.other.walks or _is_opaque(pair, low, high):
        blocks = (np.arange(at, min(at + BLOCK, high)) for at in range(low, high, BLOCK))
        return reduce(Apart.then, (apart_at(pair, ticks) for ticks in blocks))
    turning = _turning(pair, low, high)
    if turning is None:
        return _hull(pair, low, high)
    return _between(pair, distinct(np.append(turning, columns(low, high, WIDTHS))))


def apart_at(pair: Pair, ticks: Whole) -> Apart:
    """Where among ascending ticks they differ; neighbours that do make a stretch."""
    return stretches(ticks, pair.states(ticks) != 0, pair.distance)


def stretches(ticks: Whole, differs: Flags, distance: Callable[[Whole], Rates]) -> Apart:
    """What of ascending ticks ``differs``, and how far by: neighbours that do make a stretch."""
    edges = np.flatnonzero(np.diff(differs.astype(np.int8), prepend=0, append=0))
    starts, stops = edges[::2], edges[1::2]
    if not starts.size:
        return Apart.nowhere()
    far = np.where(differs, distance(ticks), -1.0)
    most = np.maximum.reduceat(far, starts)
    owner = np.searchsorted(starts, np.arange(ticks.size), side="right") - 1
    hits = np.flatnonzero(differs & (far == most[owner]))
    return Apart(ticks[starts], ticks[stops - 1], ticks[hits[np.searchsorted(hits, starts)]], most)


# --- many ticks ------------------------------------------------------------------------------------------


def _is_opaque(pair: Pair, low: int, high: int) -> bool:
    """Whether only looking at every tick tells of one, and they are not too many for that."""
    phases = (phase for line in pair.lines for phase, _, _ in line.spans(low, high))
    return high - low <= EVERY_TICK and any(phase.shape.count(low, high) == np.inf for phase in phases)


def _turning(pair: Pair, low: int, high: int) -> Whole | None:
    """The ticks beside all turns and jumps; None where they are too many."""
    found = [np.array([low, high - 1])]
    for phase, first, stop in (span for line in pair.lines for span in line.spans(low, high)):
        found.append(beside(np.array([first, stop - 1.0])))
        for turns in (phase.shape, *phase.jumps):
            if turns.count(first - 1, stop) > MOST_TURNS:
                return None
            found.append(beside(turns.positions(first - 1, stop)))
    ticks = np.concatenate(found)
    return ticks[(ticks >= low) & (ticks < high)]


def _between(pair: Pair, ticks: Whole) -> Apart:
    """The stretches that begin and end between ticks, each of which is found by halving."""
    while True:
        states = pair.states(ticks)
        at = np.flatnonzero((np.diff(states) != 0) & (np.diff(ticks) > 1))
        if not at.size:
            return _with_largest(pair, ticks, apart_at(pair, ticks))
        parting = _halved(pair, ticks[at], ticks[at + 1], states[at])
        ticks = distinct(np.concatenate([ticks, parting - 1, parting]))


def _halved(pair: Pair, low: Whole, high: Whole, state: Whole) -> Whole:
    """The first tick of each (low, high] that is in another state than ``low``."""
    while bool(np.any(high - low > 1)):
        middle = (low + high) // 2
        stays = pair.states(np.maximum(middle, low)) == state
        low, high = np.where(stays, middle, low), np.where(stays, high, middle)
    return high


def _with_largest(pair: Pair, ticks: Whole, found: Apart) -> Apart:
    """The largest distance of each stretch, sought between the ticks on both sides of where it seems."""
    at, most = found.most_at.copy(), found.most.copy()
    for i in np.argsort(-most, kind="stable")[:MOST_CLOSER]:
        near = np.clip(np.searchsorted(ticks, at[i]) + np.array([-1, 1]), 0, ticks.size - 1)
        low, high = max(ticks[near[0]], found.first[i]), min(ticks[near[1]], found.last[i])
        at[i], most[i] = _largest(pair, int(low), int(high))
    return Apart(found.first, found.last, at, most)


def _largest(pair: Pair, low: int, high: int) -> tuple[int, float]:
    """The largest distance in [low, high], in which it rises to it and falls."""
    while True:
        ticks = distinct(columns(low, high + 1, CLOSER))
        far = pair.distance(ticks)
        top = int(np.argmax(far))
        if ticks.size == high + 1 - low:
            return int(ticks[top]), float(far[top])
        low, high = int(ticks[max(0, top - 1)]), int(ticks[min(ticks.size - 1, top + 1)])


def _hull(pair: Pair, low: int, high: int) -> Apart:
    """From the first tick at which they differ to the last, where turns are too many to be listed.

    Both ends are looked at tick by tick: what decays differs there or nowhere.
    """
    begin, end = apart(pair, low, low + BLOCK), apart(pair, high - BLOCK, high)
    first, last = columns(low, high, WIDTHS)
    outlines = (_outline(line, first, last) for line in pair.lines)
    differs = np.zeros(first.size, dtype=bool)
    for mine, theirs in zip(*outlines, strict=True):
        differs |= ~alike(mine, theirs, pair.slack)
    for i in np.linspace(0, first.size - 1, MOST_CLOSER).astype(int):
        some = np.arange(first[i], min(first[i] + CLOSER, last[i] + 1))
        differs[i] |= bool(pair.states(some).any())
    at = np.flatnonzero(differs)
    within = [_within(pair, int(first[i]), int(last[i]) + 1) for i in at[[0, -1]]] if at.size else []
    ends = [one for one in (begin, *within, end) if len(one)]
    if not ends:
        return Apart.nowhere()
    seen = apart_at(pair, distinct(np.append(first, last)))
    found = [pair for one in (seen, *ends) for pair in zip(one.most, one.most_at, strict=True)]
    most, most_at = max(found)
    lowest = np.array([min(one.first[0] for one in ends)])
    highest = np.array([max(one.last[-1] for one in ends)])
    return Apart(lowest, highest, np.array([most_at]), np.array([most]), is_hull=True)


def _within(pair: Pair, low: int, high: int) -> Apart:
    """How far two curves are apart in one column, of which it is known that it differs."""
    found = apart(pair, low, high)
    if len(found):
        return found
    return Apart(np.array([low]), np.array([high - 1]), np.array([low]), np.zeros(1), is_hull=True)


def _outline(timeline: Timeline, first: Whole, last: Whole) -> Iterator[Rates]:
    seen = exact_envelope(timeline, first, last)
    yield from (seen.low, seen.high, timeline(first.astype(float)), timeline(last.astype(float)))
