"""What one tick of a schedule is in a run: a step, an epoch, or a part of a step."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from lrviz.errors import PlanError
from lrviz.notation.numbers import LARGEST_WHOLE, counted
from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from lrviz.engine.timeline import Timeline
    from lrviz.notation.durations import Duration
    from lrviz.notation.pace import Pace
    from lrviz.plan.plan import Plan

Interval = Literal["step", "epoch"] | int


@dataclass(frozen=True, eq=False)
class Clock:
    """How a schedule is called.

    ``interval``: it is called at each step, each epoch, or every so many steps (an evaluation), and moves by
    ``calls`` ticks then. ``batches``: it is called after every batch, of which a step takes so many, and acts
    after the last of them. ``samples``: a schedule that is told the samples of a step counts those in its
    parameters. ``last``: the tick from which it is not called any more. ``pace``: in place of all these, how
    many ticks it moves by after each step. ``lead``: it is read so many ticks ahead.

    Raises:
        SpecError: an unknown interval, or as many ``calls`` as cannot be.
        PlanError: an epoch of unknown length, or a pace that ends before the run or leads beyond 2**53 ticks.

    """

    plan: Plan
    interval: Interval = "step"
    calls: int = 1
    batches: int = 1
    samples: int = 1
    last: int | None = None
    pace: Pace | None = None
    lead: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        KEYS["interval"].read(self.interval)
        KEYS["calls"].read(self.calls)
        if self.interval == "epoch" and self.plan.epoch is None:
            raise PlanError(
                "interval=epoch needs the length of an epoch", hint="<steps_per_epoch=39>, or <interval=step>"
            )
        if self.pace is not None:
            self._check_pace(self.pace)
        elif self.lead and self.total + self.lead > LARGEST_WHOLE:
            raise PlanError(f"lead={self.lead} leads beyond 2**53 {self.unit}", hint="<lead=1>")

    def _check_pace(self, pace: Pace) -> None:
        """It tells of every step, and its ticks and parts of them are definite."""
        steps, most = self.plan.total_steps, max(piece.ticks for piece in pace.pieces)
        if pace.length is not None and pace.length < steps:
            raise PlanError(
                f"pace tells of {counted(pace.length, 'step')}, the run has {steps}",
                hint=f"end <pace> with {pace.pieces[-1].ticks}, which goes on, or give <steps={pace.length}>",
            )
        if steps * most + self.lead > LARGEST_WHOLE:
            raise PlanError(f"{steps} steps of {most} ticks are more than 2**53", hint="give fewer <steps>")

    @property
    def holds(self) -> Fraction | None:
        """For how many steps a value lasts, where it lasts for several."""
        if self.interval == "epoch":
            return self.plan.epoch
        return None if self.interval == "step" else Fraction(self.interval)

    @property
    def unit(self) -> str:
        """What the ticks are called."""
        if self.pace is not None:
            return "ticks"
        if isinstance(self.interval, int):
            return f"intervals of {self.interval} steps"
        if self.samples > 1:
            return "samples"
        return "calls" if self.interval == "step" and self.calls * self.batches > 1 else f"{self.interval}s"

    @property
    def epoch(self) -> int | None:
        """Calls in an epoch of what is called more often, else its steps; None if paced, or in parts."""
        if self.plan.epoch is None or self.pace is not None:
            return None
        calls = self.plan.epoch * (self.calls * self.batches if self.interval == "step" else 1)
        return int(calls) if calls.denominator == 1 else None

    @property
    def size(self) -> Fraction:
        """Steps in a tick, where it is always as many."""
        if self.holds is not None:
            return self.holds / self.calls
        return Fraction(1, self.calls * self.batches * self.samples)

    def by_epoch(self) -> Clock:
        """The same run, the schedule called once per epoch."""
        return replace(self, interval="epoch", calls=1, batches=1, pace=None, lead=0)

    @property
    def total(self) -> int:
        """Ticks in the run."""
        if self.pace is not None:
            return self.pace.before(self.plan.total_steps)
        by_batch = self.interval == "epoch" or self.batches > 1
        return math.ceil((self.plan.length if by_batch else self.plan.total_steps) / self.size)

    def ticks(
        self, span: Duration, *, what: str, warmup: bool = False, parts: bool = False
    ) -> tuple[float, str]:
        """A duration in ticks, and a note where that rounds; a bare number counts ticks, of a warmup steps.

        ``parts``: epochs may be parts of a tick.

        Raises:
            PlanError: a duration that is no whole number of ticks.

        """
        if span.unit == "ticks" and not warmup:
            return int(span.amount), ""
        if span.unit == "fraction" and not warmup and (self.holds is not None or self.pace is not None):
            ticks = int(self.total * float(span.amount))
            exact = self.total * span.amount
            note = (
                f"{span.text} of {self.total} {self.unit} is {ticks}, the exact product is {float(exact):g}"
            )
            return ticks, "" if ticks == exact else note
        if span.unit == "epochs" and (self.interval == "epoch" or self.batches > 1) and self.plan.epoch:
            exact = span.amount * self.plan.epoch / self.size
            if exact.denominator == 1 or parts:
                return int(exact) if exact.denominator == 1 else float(exact), ""
        steps, note = self.plan.ticks(span, warmup=warmup)
        if self.pace is not None and not warmup:  # elsewhere in the run they would be others
            ticks = self.whole(steps, what)
            raise PlanError(
                f"{what}={span.text}: how many ticks these are depends on the pace",
                hint=f"<{what}={ticks}> are those of the first {counted(steps, 'step')}",
            )
        return self.whole(steps, what), note

    def whole(self, steps: int, what: str) -> int:
        """Steps as ticks.

        Raises:
            PlanError: no whole number of ticks.

        """
        ticks = self.passed(steps)
        if ticks.denominator != 1:
            is_epoch = self.interval == "epoch"
            raise PlanError(
                f"{what}: {steps} steps are {float(ticks):.4g} {self.unit}, and it counts whole ones",
                hint=f"<{what}={math.ceil(ticks)}{'ep>, or <interval=step' if is_epoch else ''}>",
            )
        return int(ticks)

    def passed(self, steps: int) -> Fraction:
        """The ticks of the first steps of the run."""
        return steps / self.size if self.pace is None else Fraction(self.pace.before(steps))

    def run(self, timeline: Timeline) -> Timeline:
        """The schedule's timeline over steps."""
        from lrviz.engine.compose import ahead, cap, hold, shift, speed_up  # a plan needs no numpy

        timeline = timeline if self.last is None else cap(timeline, self.last)
        timeline = ahead(timeline, self.lead) if self.lead else timeline
        if self.pace is not None:
            from lrviz.engine.paced import run_at

            return run_at(timeline, self.pace)
        timeline = speed_up(timeline, self.calls) if self.calls > 1 else timeline
        batches, holds = self.batches, self.holds
        if holds is not None and holds.denominator == 1:
            return hold(timeline, int(holds))
        if holds is not None:  # an epoch ends among the batches of a step
            batches = self.plan.grad_accum
            timeline = hold(timeline, int(holds * batches))
        if batches == 1:
            return timeline
        if self.plan.length < self.plan.total_steps:  # a step of fewer batches at the very end
            timeline = cap(timeline, int(self.plan.length * batches) - 1, "last batch")
        return speed_up(shift(timeline, 1 - batches), batches)
