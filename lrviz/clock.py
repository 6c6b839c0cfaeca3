"""What one tick of a schedule is in a run: a step, an epoch, or a part of a step."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from lrviz.compose import held, shift, sped
from lrviz.errors import PlanError
from lrviz.run_keys import choice

if TYPE_CHECKING:
    from lrviz.plan import Plan
    from lrviz.spans import Span
    from lrviz.timeline import Timeline

Interval = Literal["step", "epoch"] | int


@dataclass(frozen=True)
class Clock:
    """How a schedule is called.

    ``interval``: a tick per step, per epoch, or every so many steps (an evaluation). ``calls``: so many ticks
    in each step, and ``first`` is the tick of step 0. ``samples``: a schedule that is told the samples of a
    step counts those in its parameters.

    Raises:
        SpecError: an unknown interval.
        PlanError: an epoch of unknown length, both at once, or ``calls`` below 1.

    """

    plan: Plan
    interval: Interval = "step"
    calls: int = 1
    first: int = 0
    samples: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be: a scheduler is called per epoch or several times per step."""
        if not isinstance(self.interval, int) or self.interval < 1:
            choice("interval", self.interval)
        if self.calls < 1 or self.calls != int(self.calls):
            raise PlanError(f"calls={self.calls!r} is not a whole number above 0", hint="calls=2")
        if self.interval != "step" and self.calls > 1:
            raise PlanError("interval and calls exclude each other", hint="leave one of them out")
        if self.interval != "step" and self.samples > 1:
            raise PlanError(
                "interval and a schedule that counts samples exclude each other", hint="leave it out"
            )
        if self.interval == "epoch" and self.plan.steps_per_epoch is None:
            raise PlanError("interval=epoch needs the length of an epoch", hint="--steps-per-epoch 39")

    @property
    def holds(self) -> int | None:
        """For how many steps a tick lasts, where it lasts for several."""
        if self.interval == "epoch":
            return self.plan.steps_per_epoch
        return None if self.interval == "step" else self.interval

    @property
    def unit(self) -> str:
        """What the ticks are called."""
        if isinstance(self.interval, int):
            return f"intervals of {self.interval} steps"
        return "samples" if self.samples > 1 else f"{self.interval}s"

    @property
    def size(self) -> Fraction:
        """Steps in a tick."""
        if self.holds is not None:
            return Fraction(self.holds)
        return Fraction(1, self.calls * self.samples)

    @property
    def total(self) -> int:
        """Ticks in the run."""
        return math.ceil(self.plan.total_steps / self.size)

    def ticks(self, span: Span, *, what: str, warmup: bool = False) -> tuple[int, str]:
        """A duration in ticks, and a note where that rounds; a bare number counts ticks, of a warmup steps.

        Raises:
            PlanError: a duration that is no whole number of ticks.

        """
        if span.unit == "ticks" and not warmup:
            return int(span.amount), ""
        if span.unit == "fraction" and not warmup and self.holds is not None:
            ticks = int(self.total * float(span.amount))
            exact = self.total * span.amount
            note = (
                f"{span.text} of {self.total} {self.unit} is {ticks}, the exact product is {float(exact):g}"
            )
            return ticks, "" if ticks == exact else note
        steps, note = self.plan.ticks(span, warmup=warmup)
        return self.whole(steps, what), note

    def whole(self, steps: int, what: str) -> int:
        """Steps as ticks.

        Raises:
            PlanError: no whole number of ticks.

        """
        ticks = steps / self.size
        if ticks.denominator != 1:
            unit = "ep" if self.interval == "epoch" else ""
            raise PlanError(
                f"{what}: {steps} steps are {float(ticks):.4g} {self.unit}, and it counts whole ones",
                hint=f"{what}={math.ceil(ticks)}{unit}",
            )
        return int(ticks)

    def run(self, timeline: Timeline) -> Timeline:
        """The schedule's timeline over steps."""
        if self.holds is not None:
            return held(timeline, self.holds)
        timeline = shift(timeline, -self.first) if self.first else timeline
        return sped(timeline, self.calls) if self.calls > 1 else timeline
