"""Schedules one after another: join_schedules, sgdr_schedule and decays behind a warmup."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from lrviz.catalogue.arguments import bind, call
from lrviz.catalogue.nested import Nested
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import BaseLR, Factor, Floor, Number, Schedules, Ticks, Total, Warmup, WarmupStart
from lrviz.engine.compose import join, lead
from lrviz.engine.timeline import Timeline
from lrviz.errors import ScheduleError
from lrviz.schedules.optax.count import counted
from lrviz.schedules.optax.decay import cosine, exponential, polynomial
from lrviz.schedules.shapes.float32 import formula


@schedule(
    example={
        "schedules": (
            {
                "schedule": "linear_schedule",
                "params": {"init_value": 0.0, "end_value": 0.1, "transition_steps": 10},
            },
            {"schedule": "cosine_decay_schedule", "params": {"init_value": 0.1, "decay_steps": 90}},
        ),
        "boundaries": (10,),
    }
)
def join_schedules(schedules: Schedules, boundaries: tuple[Ticks, ...], dtype: str = "float32") -> Timeline:
    """One schedule after another: number k takes over at boundaries[k - 1] and counts from its own 0.

    Formula: lr(t) = s_k(t - boundaries[k - 1]), k the last one with boundaries[k - 1] <= t; s_0(t) before.
    Edges: the lengths are not compared: a schedule without a boundary, or a boundary without a schedule, is
    ignored. Of boundaries that do not ascend the last one reached counts, so a schedule whose boundary is not
    below the next one never runs. A boundary of 0 or less skips the first schedule, and one below 0 starts
    the second within.
    Source: optax 0.2.8 ``join_schedules``.

    Raises:
        ScheduleError: no schedules, a boundary that is no int32, or what a schedule raises.

    """
    return joined([call(inner, Timeline, dtype=dtype) for inner in schedules], boundaries, dtype)


@schedule(
    example={"init_value": 0.0, "peak_value": 0.1, "warmup_steps": 20},
    starter={"init_value": "0.0", "warmup_steps": "5%"},
)
def warmup_constant_schedule(
    init_value: WarmupStart, peak_value: BaseLR, warmup_steps: Warmup, dtype: str = "float32"
) -> Timeline:
    """A linear warmup, then the peak.

    Formula: lr(t) = (i - p) (1 - min(t, W) / W) + p, i = init_value, p = peak_value, W = warmup_steps.
    Edges: with a W of 0 or less it stays at ``init_value`` for ever: from 0 nothing trains.
    Source: optax 0.2.8 ``warmup_constant_schedule``.

    Raises:
        ScheduleError: ``warmup_steps`` is no int32.

    """
    warmed = _warmup(init_value, peak_value, warmup_steps, dtype)
    if warmup_steps <= 0:
        return warmed
    hold = replace(
        warmed.phases[0],
        kind="stable",
        label="constant",
        start=float(counted("warmup_steps", warmup_steps, dtype)),
    )
    return Timeline((*warmed.phases, hold))


@schedule(
    example={"init_value": 0.0, "peak_value": 0.1, "warmup_steps": 10, "decay_steps": 100},
    starter={"init_value": "0.0", "warmup_steps": "0"},
)
def warmup_cosine_decay_schedule(
    init_value: WarmupStart,
    peak_value: BaseLR,
    warmup_steps: Warmup,
    decay_steps: Total,
    end_value: Floor = 0.0,
    exponent: Number = 1.0,
    dtype: str = "float32",
) -> Timeline:
    """A linear warmup, then half a cosine; ``decay_steps`` is the length of both.

    Formula: (i - p) (1 - t / W) + p for t < W, i = init_value, p = peak_value, W = warmup_steps; then p ((1 -
    a) ((1 + cos(pi c / D)) / 2)^exponent + a), D = decay_steps - W, c = min(t - W, D), a = end_value / p.
    Edges: decay_steps includes the warmup, unlike that of Keras. A W of 0 or less has no warmup; one below 0
    starts within the cosine. The end is reached at t = decay_steps. With a peak of 0 end_value is ignored.
    Source: optax 0.2.8 ``warmup_cosine_decay_schedule``.

    Raises:
        ScheduleError: ``decay_steps`` is not above ``warmup_steps``, or that is no int32.

    """
    if not decay_steps - warmup_steps > 0:
        raise ScheduleError(
            f"warmup_cosine_decay_schedule: decay_steps includes the warmup of {warmup_steps!r},"
            f" so it must be more, got {decay_steps!r}",
            hint="give a longer decay_steps, or a shorter warmup",
        )
    alpha = 0.0 if peak_value == 0.0 else end_value / peak_value
    decay = cosine(peak_value, decay_steps - warmup_steps, alpha, exponent, dtype)
    warmup = _warmup(init_value, peak_value, warmup_steps, dtype)
    return joined([warmup, decay], [warmup_steps], dtype)


@schedule(
    example={
        "init_value": 0.0,
        "peak_value": 0.1,
        "warmup_steps": 10,
        "transition_steps": 30,
        "decay_rate": 0.5,
    },
    starter={
        "init_value": "0.0",
        "warmup_steps": "0",
        "transition_steps": "20%",
        "decay_rate": "0.5",
    },
)
def warmup_exponential_decay_schedule(
    init_value: WarmupStart,
    peak_value: BaseLR,
    warmup_steps: Warmup,
    transition_steps: Ticks,
    decay_rate: Factor,
    transition_begin: Ticks = 0,
    staircase: bool = False,
    end_value: Floor | None = None,
    dtype: str = "float32",
) -> Timeline:
    """A linear warmup, then an exponential decay.

    Formula: (i - p) (1 - t / W) + p for t < W, i = init_value, p = peak_value, W = warmup_steps; then
    exponential_decay of p at t - W.
    Edges: transition_begin counts from the end of the warmup. A W of 0 or less has no warmup. What
    exponential_decay does with odd values it does here.
    Source: optax 0.2.8 ``warmup_exponential_decay_schedule``.

    Raises:
        ScheduleError: a duration that is no int32.

    """
    decay = exponential(
        peak_value, transition_steps, decay_rate, transition_begin, staircase, end_value, dtype
    )
    warmup = _warmup(init_value, peak_value, warmup_steps, dtype)
    return joined([warmup, decay], [warmup_steps], dtype)


@schedule(
    example={
        "cosine_kwargs": tuple(
            {
                "schedule": "warmup_cosine_decay_schedule",
                "params": {"init_value": 0.0, "peak_value": peak, "warmup_steps": 5, "decay_steps": length},
            }
            for peak, length in ((0.1, 30), (0.05, 70))
        )
    }
)
def sgdr_schedule(cosine_kwargs: Schedules, dtype: str = "float32") -> Timeline:
    """Warmups and cosines one after another, each a warmup_cosine_decay_schedule.

    Formula: cycle k is its schedule at t - (the decay_steps of all cycles before), from there on.
    Edges: after the last cycle its end_value stays.
    Source: optax 0.2.8 ``sgdr_schedule``.

    Raises:
        ScheduleError: no cycles, or what a cycle raises.

    """
    cycles = [_cycle(one) for one in cosine_kwargs]
    lengths = [bind(cycle.entry, cycle.params)["decay_steps"] for cycle in cycles]
    parts = [call(cycle, Timeline, dtype=dtype) for cycle in cycles]
    return joined(parts, list(accumulate(lengths))[:-1], dtype)


def _cycle(given: Nested) -> Nested:
    """The schedule of a cycle, whose arguments may stand alone.

    Raises:
        ScheduleError: it is another schedule.

    """
    cycle = given._replace(name=given.name or warmup_cosine_decay_schedule.__name__)
    if cycle.entry.function is not warmup_cosine_decay_schedule:
        raise ScheduleError(
            f"cosine_kwargs are arguments of warmup_cosine_decay_schedule, got {cycle.name}",
            hint="cosine_kwargs=[warmup_cosine_decay_schedule(init_value=0,peak_value=0.1,…),…]",
        )
    return cycle


def joined(parts: list[Timeline], boundaries: Sequence[float], dtype: str) -> Timeline:
    """The join of as many parts as have a boundary; a part whose boundary comes too late never runs.

    Raises:
        ScheduleError: no parts, or a boundary that is no int32.

    """
    if not parts:
        raise ScheduleError("there are no schedules to join", hint="<schedules=[…]>", step=0)
    switches = [counted("a boundary", boundary, dtype) for boundary in boundaries[: len(parts) - 1]]
    notes = tuple(note for part in parts for note in part.notes) + _unused(len(parts), boundaries)
    if not switches:
        return replace(parts[0], notes=notes)
    later = [
        (part, switch)
        for i, (part, switch) in enumerate(zip(parts[1:], switches, strict=False))
        if switch < min(switches[i + 1 :], default=math.inf)
    ]
    found = join([parts[0], *(part for part, _ in later)], [switch for _, switch in later])
    rounded = [replace(phase, rate=formula(phase.rate, dtype)) for phase in found.phases]
    return lead(replace(found, phases=tuple(rounded), notes=notes))


def _unused(parts: int, boundaries: Sequence[float]) -> tuple[str, ...]:
    """What of a join is never looked at: boundaries beyond the schedules, schedules that do not begin."""
    said = []
    if len(boundaries) >= parts:
        said.append(f"boundaries from {boundaries[parts - 1]:g} on have no schedule, and are ignored")
    if len(boundaries) < parts - 1:
        said.append(f"schedules from number {len(boundaries) + 2} on have no boundary, and never run")
    used = boundaries[: parts - 1]
    late = [i for i, boundary in enumerate(used) if boundary >= min(used[i + 1 :], default=math.inf)]
    if late:
        more = f"; {len(late) - 1} more like it" if len(late) > 1 else ""
        said.append(f"schedule number {late[0] + 2} never runs: its boundary is not below a later one{more}")
    return tuple(said)


def _warmup(init: float, peak: float, warmup_steps: float, dtype: str) -> Timeline:
    ramp = polynomial(init, peak, 1, warmup_steps, 0, dtype, "warmup")
    return replace(ramp, phases=tuple(replace(phase, kind="warmup") for phase in ramp.phases))
