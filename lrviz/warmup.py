"""lrviz's own warmup, for schedules that have none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from lrviz.compose import join, product
from lrviz.errors import SpecError
from lrviz.timeline import Phase, Timeline, constant

Mode = Literal["front", "over"]
Shape = Literal["linear", "constant"]


@dataclass(frozen=True)
class Ramp:
    """``steps`` of warmup that begin at the LR ``start``.

    ``front``: the ramp comes first, then the schedule, counting from its own 0: whatever it counts lands
    ``steps`` later. ``over``: the schedule runs from step 0, and the ramp is a factor on its first steps.
    ``linear`` rises to the schedule's LR, ``constant`` stays at ``start`` and then jumps.

    Raises:
        SpecError: an unknown mode or shape.

    """

    steps: int
    start: float = 0.0
    mode: Mode = "front"
    shape: Shape = "linear"

    def __post_init__(self) -> None:
        """Refuse what is neither of two."""
        if self.mode not in ("front", "over"):
            raise SpecError(f"warmup_mode={self.mode!r} is neither front nor over", hint="warmup_mode=over")
        if self.shape not in ("linear", "constant"):
            raise SpecError(
                f"warmup_shape={self.shape!r} is neither linear nor constant", hint="warmup_shape=constant"
            )

    def before(self, timeline: Timeline) -> Timeline:
        """The schedule's LR with the warmup."""
        first = float(timeline(np.zeros(1))[0])
        if self.mode == "front":
            return join([self._from(self.start, first), timeline], [self.steps])
        factor = self.start / first if first else 0.0
        warmed = product([timeline, self._from(factor, 1.0)])
        later = [phase for phase in timeline.phases if phase.start > self.steps]
        running = [phase for phase in timeline.phases if phase.start <= self.steps][-1:] or [
            timeline.phases[0]
        ]
        early = tuple(phase for phase in warmed.phases if phase.start < self.steps)
        phases = (*early, replace(running[0], start=float(self.steps)), *later)
        return Timeline(phases, timeline.end, timeline.why)

    def beside(self, timeline: Timeline) -> Timeline:
        """Another quantity under the same warmup: in front it stands at its first value."""
        if self.mode == "over":
            return timeline
        first = float(timeline(np.zeros(1))[0])
        return join([Timeline((constant(first, name="warmup"),)), timeline], [self.steps])

    def _from(self, start: float, goal: float) -> Timeline:
        if self.shape == "constant":
            return Timeline((constant(start, name="warmup"),))
        return Timeline((Phase("warmup", 0.0, lambda t: start + (goal - start) * (t / self.steps)),))
