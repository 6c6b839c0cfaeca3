"""The window of global steps in which a scheduler of mmengine acts."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.roles import ByEpoch, ByStep, EpochSteps, Ticks, Total
from lrviz.engine.chain import KEEP, Chainable, Maps, Pairs, stepped_to_zero
from lrviz.engine.compose import join
from lrviz.engine.timeline import Phase, TickArray, Timeline, constant
from lrviz.errors import ScheduleError

FOREVER = 10**9
"""``end`` where none is given."""


@dataclass(frozen=True)
class Place:
    """Global steps from ``begin`` up to ``end``; durations are to be taken times ``scale``."""

    begin: float
    end: float
    scale: int = 1

    @property
    def start(self) -> int:
        """The first step inside, local step 0."""
        return max(0, math.ceil(self.begin))

    @property
    def steps(self) -> int:
        """How many steps lie inside."""
        return max(0, math.ceil(self.end) - self.start)

    @property
    def last(self) -> float:
        """What mmengine takes for the last local step."""
        return self.end - self.begin - 1

    def part(self, group: Group, alone: Timeline, maps: Maps) -> Chainable:
        """The scheduler that follows ``alone`` and ``maps``, both in local steps, inside the window."""

        def within(g: TickArray) -> Pairs:
            inside = (g >= self.begin) & (g < self.end)
            own = maps(np.where(inside, g - self.start, 0.0))
            return [(np.where(inside, a, 1.0), np.where(inside, b, 0.0)) for a, b in own]

        part = Chainable(
            self._placed(group, alone), KEEP, within, "no other scheduler enters one of mmengine"
        )
        return replace(part, first=stepped_to_zero(part))

    def _placed(self, group: Group, alone: Timeline) -> Timeline:
        before = Timeline((constant(group.lr, kind="hold", label="before"),))
        if not self.steps:
            return before
        lines, boundaries = [before, alone], [self.start]
        if alone.end >= self.steps:
            last = np.array([self.steps - 1.0])  # looked at only when it is asked for: it may be a long walk
            lines.append(
                Timeline((Phase("hold", 0.0, lambda t: np.full(t.shape, alone(last)[0]), label="held"),))
            )
            boundaries.append(self.start + self.steps)
        return join(lines, boundaries)


@dataclass(frozen=True)
class Window:
    """Where a scheduler acts, as every one of mmengine is told."""

    begin: Ticks = 0
    end: Total = FOREVER
    by_epoch: ByEpoch = True
    convert_to_iter_based: ByStep = False
    epoch_length: EpochSteps | None = None

    def place(self) -> Place:
        """The window, in iterations where one of epochs is to be converted.

        Raises:
            ScheduleError: nothing lies between begin and end, or a conversion without epochs or their length.

        """
        begin, end, length = self.begin, self.end, self.epoch_length
        converts = self.convert_to_iter_based or length is not None
        if converts and (not self.by_epoch or length is None or length <= 0):
            raise ScheduleError(
                "a conversion to iterations needs by_epoch=true and a positive epoch_length,"
                f" got by_epoch={self.by_epoch!r}, epoch_length={length!r}",
                hint="convert_to_iter_based=true,epoch_length=100",
            )
        scale = length if converts and length else 1
        if converts:
            begin, end = int(begin * scale), end if end == FOREVER else int(end * scale)
        if end <= begin:
            raise ScheduleError(
                f"end must be larger than begin, got begin={begin!r}, end={end!r}", hint="begin=0,end=100"
            )
        return Place(begin, end, scale)
