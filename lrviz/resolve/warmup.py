"""lrviz's own warmup, for schedules that have none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.catalogue.roles import Role
from lrviz.errors import PlanError
from lrviz.resolve.budget import warmup_of
from lrviz.resolve.convert import duration
from lrviz.resolve.defaults import Assumption
from lrviz.resolve.keys import KEYS
from lrviz.resolve.run import Resolution, _give, _own_clock, own_ticks

if TYPE_CHECKING:
    from lrviz.catalogue.registry import Param
    from lrviz.notation.durations import Duration

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lrviz.engine.compose import join, product
from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline, constant
from lrviz.errors import SpecError
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


RAMP_KEYS = ("warmup_start", "warmup_mode", "warmup_shape")


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


TOO_LONG = "warmup-longer-than-run"

SHAPES: Mapping[str, Callable[[float, float, TickArray], Rates]] = {
    "linear": _linear,
    "constant": _constant,
    "cosine": _cosine,
    "exponential": _exponential,
}


@dataclass(frozen=True)
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
        return Timeline(phases, timeline.end, timeline.why)

    def beside(self, timeline: Timeline) -> Timeline:
        """Another quantity under the same warmup: in front it stands at its first value."""
        if self.mode == "over":
            return timeline
        first = float(timeline(np.zeros(1))[0])
        return join([Timeline((constant(first, kind="warmup"),)), timeline], [self.steps])

    def _from(self, start: float, goal: float) -> Timeline:
        shape = SHAPES[self.shape]
        shape(start, goal, np.zeros(1))  # refuses at once what it cannot do
        return Timeline((Phase("warmup", 0.0, lambda t: shape(start, goal, t / self.steps)),))


def _warn_of_warmup(run: Resolution) -> None:
    """The schedule's own warmup may be longer than the run, whoever gave it."""
    param = run.entry.by_role(Role.WARMUP)
    ticks = run.params.get(param.name) if param else None
    said = any(finding.id == TOO_LONG for finding in run.findings)
    if isinstance(ticks, (int, float)) and ticks > own_ticks(run, run.clock.total) and not said:
        run.warn(TOO_LONG, f"the warmup of {ticks:g} {run.clock.unit} is longer than the run")


def _fill_warmup(run: Resolution) -> AddedWarmup | None:
    """Give the warmup to the schedule's own parameter; where it has none, the ramp that stands in."""
    span = warmup_of(run.values)
    if span is None:
        return None
    steps, note = run.plan.ticks(span, warmup=True)
    if note:
        run.note("rounded-share", f"warmup: {note}")
    own = next(iter(run.entry.of_roles(KEYS["warmup"].roles)), None)
    if own is not None and own.name in run.entry.ignores:
        run.note("warmup-ignored", f"{run.entry.id} ignores a warmup", hint="constant_with_warmup has one")
        return None
    if own is not None and own.name in run.params and "warmup" not in run.explicit_keys:
        stands = f"{own.name}={run.params[own.name]} stands, not the warmup of {steps} steps"
        run.note("warmup-overruled", stands)
        return None
    if steps > run.plan.total_steps:
        run.warn(TOO_LONG, f"the warmup of {steps} steps is longer than the run of {run.plan.total_steps}")
    run.warmup = span
    if own is None:
        return _ramp(run, steps) if steps else None
    _give(run, "warmup", own.name, _warmup(run, own, span, steps))
    return None


def _fill_warmup_start(run: Resolution) -> None:
    """A warmup that was asked for starts at 0 unless told otherwise, as the one of lrviz itself."""
    param, given = run.entry.by_role(Role.WARMUP_START), run.values.get("warmup_start")
    if param is None:
        return
    if given is not None:
        _give(run, "warmup_start", param.name, given)
    elif param.required and run.warmup and run.params.get(param.name) is None:
        run.params[param.name] = 0.0
        run.assumptions.append(Assumption(param.name, "0.0", "assumed"))


def _note_ramp_keys(run: Resolution, ramp: AddedWarmup | None) -> None:
    """Say what changes nothing, where no ramp of lrviz's own stands in."""
    taken = {"warmup_start"} if run.entry.by_role(Role.WARMUP_START) else set()
    idle = [key for key in RAMP_KEYS if key in run.values and key not in taken]
    if ramp is None and idle:
        why = f"{run.entry.id} has its own" if run.warmup else "there is no warmup"
        run.note("idle-key", f"{', '.join(idle)} changes nothing: {why}")


def _warmup(run: Resolution, own: Param, span: Duration, steps: int) -> Any:
    """The warmup, of so many steps, as the schedule's own parameter counts it."""
    if own.role is Role.WARMUP_FRACTION:
        return steps / run.plan.total_steps
    if own.role is Role.WARMUP_EPOCHS:
        if run.plan.steps_per_epoch is None:
            raise PlanError(f"{own.name} needs the length of an epoch", hint="<steps_per_epoch=39>")
        return steps / run.plan.steps_per_epoch
    ticks, _ = _own_clock(run).ticks(span, what="warmup", warmup=True)
    return duration(run.entry, own, ticks)


def _ramp(run: Resolution, steps: int) -> AddedWarmup:
    """The warmup of lrviz itself."""
    chosen: dict[str, Any] = {key: run.values[key] for key in RAMP_KEYS if key in run.values}
    ramp = AddedWarmup(steps, **{key.removeprefix("warmup_"): value for key, value in chosen.items()})
    article = "an" if ramp.shape[0] in "aeiou" else "a"
    where = "stands in front, and its own step 0 is" if ramp.mode == "front" else "is laid over it, up to"
    names = [name for name in run.entry.params if name.startswith("warmup_")]
    lacks = f"takes its own only by {', '.join(names)}" if names else "has no warmup"
    text = f"{run.entry.id} {lacks}: {article} {ramp.shape} ramp {where} step {steps}"
    run.note("warmup-added", text)
    if run.lr != run.lr or ramp.start <= min(run.lr if isinstance(run.lr, tuple) else (run.lr,)):
        return ramp
    run.warn("warmup-starts-high", f"the warmup starts at {ramp.start:g}, above an LR of the run")
    return ramp
