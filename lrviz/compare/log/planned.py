"""The plan as the suppositions about a log ask for it: at any tick, and where its warmup and decay are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lrviz.catalogue.names import find
from lrviz.catalogue.roles import Role
from lrviz.compare.log.own_words import all_words
from lrviz.compare.log.parameters import variations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.compare.log.own_words import Words
    from lrviz.compare.log.parameters import Varied
    from lrviz.compare.track import Track
    from lrviz.engine.timeline import Rates, TickArray, Timeline
    from lrviz.resolve.resolved import Resolved


MOST_KNOTS = 8
"""Phases behind which a longer run is not looked at."""


@dataclass(frozen=True, eq=False)
class Plan:
    """The curve that was planned.

    ``warm`` is where its warmup ends, ``total`` the length of its run; ``top`` is its largest value, first
    reached at ``top_at``. ``varied`` are its curves with one number of its schedule otherwise, ``words``
    those with another word, and ``has_length`` says whether another length of the run could make it another
    curve. Each value lasts for ``holds`` ticks, as for an epoch.
    """

    line: Timeline
    total: int
    warm: int
    top: float
    top_at: int
    varied: Sequence[Varied] = ()
    has_length: bool = True
    holds: int = 1
    words: Sequence[Words] = ()

    @classmethod
    def of(cls, track: Track) -> Plan:
        """A curve that was planned."""
        warm = max(track.tops, default=0)
        varied = variations(track.run, track.index, warm) if track.run else ()
        words = all_words(track.run, track.index) if track.run else ()
        has_length = track.run is None or bool(find(track.run.spec.name).by_role(Role.TOTAL))
        total = track.steps or track.ran
        places = total, warm, track.top, track.top_at
        return cls(track.timeline, *places, varied, has_length, _holds(track.run), words)

    def __call__(self, ticks: TickArray) -> Rates:
        """Its values; nan before its first tick, and from where its framework refuses one."""
        if ticks.ndim == 1 and ticks.size > 1 and ticks[0] > ticks[-1]:
            return self(ticks[::-1])[::-1]  # what ascends need not be sorted
        known = (ticks >= 0) & (ticks < self.line.end)
        if known.all():
            return self.line(ticks)
        values = np.full(ticks.shape, np.nan)
        values[known] = self.line(ticks[known])
        return values

    @property
    def end(self) -> int:
        """The last step that a log of it may have, read behind the last update; before that it may stop."""
        return int(min(self.total, self.line.end - 1))

    @property
    def knots(self) -> list[float]:
        """Where its phases begin inside the run."""
        return [phase.start for phase in self.line.phases[1:] if 0 < phase.start < self.total - 1][
            :MOST_KNOTS
        ]


def _holds(run: Resolved | None) -> int:
    """For how many steps a value lasts, stepped once in so many; 1 where that is no whole number."""
    holds = run.clock.holds if run and run.clock else None
    return int(holds) if holds is not None and holds.denominator == 1 else 1
