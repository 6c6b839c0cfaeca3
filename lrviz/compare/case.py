"""Two curves that differ, and whether a supposed curve is the second at every step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lrviz.engine.apart import Pair, apart, apart_at
from lrviz.errors import ScheduleError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lrviz.compare.cause import Cause
    from lrviz.compare.track import Track
    from lrviz.engine.apart import Apart
    from lrviz.engine.envelope import Whole
    from lrviz.engine.timeline import Timeline

GLANCE = 129
"""Steps that are tried first: most of what is supposed fails at one of them."""
LOOKED_AT = 1 << 12
"""Stretches that are looked at one by one."""
SHARPER = 1e-3
"""What is explained is equal to this share of the largest difference, or nearer."""
EXACT = 1e-9
"""And to this share of the largest value, which is what moving a curve about may cost in rounding."""


class Part(NamedTuple):
    """The second curve supposed to be ``line`` over the steps [low, high)."""

    line: Timeline
    low: int
    high: int


class Weight(IntEnum):
    """How much is supposed: of what holds the lightest is said, and what is supposed together adds up."""

    PEAK = 1
    START = 2
    SHIFT_BY_ONE = 4
    WARMUP_OR_NONE = 5
    SHIFT = 6
    WARMUP = 7
    HELD = 8
    TOTAL_OF_RUN = 8
    FLOOR = 9
    STAIRS = 10
    SLOWER = 11
    FASTER = 12
    TOTAL = 13
    ANEW = 20
    LATE = 21
    FLAT = 22
    FASTER_BY_A_SHARE = 23


class Supposed(NamedTuple):
    """What may set two curves apart, and what the second is then."""

    weight: int
    causes: tuple[Cause, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, eq=False)
class Case:
    """The first curve, which explains, the second, and where they differ.

    ``ticks`` are the steps that both have, None if all; what is not compared ``by_step`` is on no clock that
    could be another.
    """

    one: Track
    other: Track
    found: Apart
    slack: float
    ticks: Whole | None = None
    by_step: bool = True

    @classmethod
    def of(cls, one: Track, other: Track, slack: float, *, by_step: bool = True) -> Case:
        """Hold two curves against each other, at the steps that both have.

        Raises:
            ScheduleError: it cannot be told, or there are none.

        """
        pair, ticks = Pair(one.timeline, other.timeline, slack), _common(one, other)
        if ticks is not None:
            return cls(one, other, apart_at(pair, ticks), slack, ticks, by_step)
        shared = min(one.ran, other.ran)
        return cls(one, other, apart(pair, 0, shared), slack, by_step=by_step)

    @property
    def swapped(self) -> Case:
        """The second explains."""
        return replace(self, one=self.other, other=self.one)

    @cached_property
    def near(self) -> float:
        """How near what explains must come."""
        exact = max(self.slack, EXACT * abs(self.other.top))
        return max(self.slack, min(exact, SHARPER * float(self.found.most.max())))

    @property
    def shared(self) -> int:
        """The steps that both have."""
        return min(self.one.ran, self.other.ran)

    @property
    def compared(self) -> int:
        """How many steps both have."""
        return self.shared if self.ticks is None else self.ticks.size

    @property
    def farthest(self) -> int:
        """The step at which they differ most."""
        return int(self.found.most_at[np.argmax(self.found.most)])

    def holds(self, parts: Iterable[Part]) -> bool:
        """Whether the second curve is what is supposed, at every known step of these parts."""
        try:
            return all(self._is(part) for part in parts if part.low < part.high)
        except ScheduleError:
            return False

    def differing(self) -> Iterator[tuple[int, int]]:
        """The stretches [low, high) that differ; of very many all from the first to the last."""
        first, last = self.found.first, self.found.last + 1
        if first.size > LOOKED_AT:
            first, last = first[:1], last[-1:]
        return zip(first.tolist(), last.tolist(), strict=True)

    def lowest(self, track: Track) -> float:
        """The least value where they differ."""
        values = [
            track.timeline(track.steps_in(low, high, GLANCE).astype(float)) for low, high in self.differing()
        ]
        return float(np.fmin.reduce(np.concatenate(values)))

    def _is(self, part: Part) -> bool:
        pair = Pair(part.line, self.other.timeline, self.near)
        if pair.states(self.other.steps_in(part.low, part.high, GLANCE)).any():
            return False
        known = self.other.known
        if known is not None:
            return not len(apart_at(pair, known[(known >= part.low) & (known < part.high)]))
        return not len(apart(pair, part.low, part.high))


def _common(one: Track, other: Track) -> Whole | None:
    """The steps that both have, where they are not all.

    Raises:
        ScheduleError: there are none.

    """
    if one.known is None and other.known is None:
        return None
    (first, *more) = [track.known for track in (one, other) if track.known is not None]
    for known in more:
        places = np.minimum(np.searchsorted(known, first), known.size - 1)
        first = first[known[places] == first]
    found: Whole = first[first < min(one.bound, other.bound)]
    if not found.size:
        raise ScheduleError(f"{one.label} and {other.label} have no step in common", hint="--align percent")
    return found
