"""A ramp in front of a schedule without warmup, or laid over it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lrviz.engine.compose import join, product
from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline, constant
from lrviz.errors import SpecError
from lrviz.notation.numbers import lr_text
from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _linear(start: float, goal: float, u: TickArray) -> Rates:
    return start + (goal - start) * u


def _constant(start: float, _: float, u: TickArray) -> Rates:
    return np.full(u.shape, start)


def _cosine(start: float, goal: float, u: TickArray) -> Rates:
    return start + (goal - start) * np.sin(0.5 * math.pi * u) ** 2  # (1 - cos) / 2, exact near 0 too


def _exponential(start: float, goal: float, u: TickArray) -> Rates:
    if not start > 0 < goal:
        raise SpecError(
            f"an exponential warmup cannot go from {lr_text(start)} to {lr_text(goal)}: both must be above 0",
            hint="<warmup_start=1e-6>",
        )
    return start * (goal / start) ** u


SHAPES: Mapping[str, Callable[[float, float, TickArray], Rates]] = {
    "linear": _linear,
    "constant": _constant,
    "cosine": _cosine,
    "exponential": _exponential,
}


@dataclass(frozen=True, eq=False)
class AddedWarmup:
    """``steps`` of warmup that begin at the LR ``start``.

    ``front``: the ramp comes first, then the schedule, counting from its own 0: whatever it counts lands
    ``steps`` later. ``over``: the schedule runs from step 0, and the ramp is a factor on its first steps.
    ``linear``, ``cosine`` (half a wave) and ``exponential`` (by equal factors, so not from 0) rise to the
    schedule's LR, ``constant`` stays at ``start`` and then jumps.

    Raises:
        SpecError: an unknown mode or shape, or an exponential from 0.

    """

    steps: int
    start: float = 0.0
    mode: str = "front"
    shape: str = "linear"

    def __post_init__(self) -> None:
        """Refuse a word that is none of the choices."""
        KEYS["warmup_mode"].read(self.mode)
        KEYS["warmup_shape"].read(self.shape)

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
        return timeline.ends_with(phases, timeline.end)

    def beside(self, timeline: Timeline) -> Timeline:
        """Another quantity under the same warmup: in front it stands at its first value."""
        if self.mode == "over":
            return timeline
        first = float(timeline(np.zeros(1))[0])
        return join([Timeline((constant(first, kind="warmup"),)), timeline], [self.steps])

    def _from(self, start: float, goal: float) -> Timeline:
        shape = SHAPES[self.shape]
        with np.errstate(all="ignore"):  # a goal may be no number, which the values show
            shape(start, goal, np.zeros(1))  # refuses at once what it cannot do
        return Timeline((Phase("warmup", 0.0, lambda t: shape(start, goal, t / self.steps)),))
