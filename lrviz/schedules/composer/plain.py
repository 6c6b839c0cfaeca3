"""Composer's schedulers without a warmup."""

from __future__ import annotations

import math
import sys

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Factor, FloorRate, Number, Time
from lrviz.engine.breakpoints import Listed, Periodic
from lrviz.engine.compose import scale
from lrviz.engine.timeline import LARGEST_TICK, Phase, Rates, TickArray, Timeline, constant
from lrviz.engine.traced import look_up
from lrviz.errors import ScheduleError
from lrviz.schedules.composer import shapes
from lrviz.schedules.composer.run import Length, Run


@schedule(example={"step_size": "30ba", "gamma": 0.5, "max_duration": "100ba"}, starter={"step_size": "30%"})
def StepScheduler(group: Group, step_size: Time, gamma: Factor = 0.1, *, run: Run) -> Timeline:
    """Multiply the LR by ``gamma`` at every multiple of ``step_size``.

    Formula: f(t) = gamma^k, k the whole part of t / step_size.
    Edges: a negative step_size divides by gamma. A step_size that scale_schedule_ratio makes less than one
    batch becomes 0, which is refused.
    Source: composer 0.32.1 ``StepScheduler``.

    Raises:
        ScheduleError: ``step_size`` is 0 or no duration.

    """
    size = run.length(step_size, "step_size").divides("step_size")
    turns = Periodic(abs(size.batches), jumps=True, monotone=gamma >= 0)
    phase = Phase("decay", 0.0, lambda t: float(gamma) ** np.trunc(size.share(t)), turns, label="step")
    powers, why = _powers(gamma, size)
    end = math.ceil((math.floor(powers) + 1) * abs(size.batches)) if why else math.inf
    return scale(Timeline((phase,), end, why), group.lr)


def _powers(gamma: float, period: Length) -> tuple[float, str]:
    """How many periods may pass before Python refuses gamma^k, and what it says then, if it ever does."""
    if gamma == 0:
        return 0.0, "0 has no negative powers" if period.value < 0 else ""
    growth = math.log(abs(gamma)) * (1 if period.value > 0 else -1)
    return (math.log(sys.float_info.max) / growth, "the factor overflows") if growth > 0 else (0.0, "")


@schedule(
    example={"milestones": ("30ba", "0.8dur"), "max_duration": "100ba"}, starter={"milestones": "50%,75%"}
)
def MultiStepScheduler(
    group: Group, milestones: tuple[Time, ...], gamma: Factor = 0.1, *, run: Run
) -> Timeline:
    """Multiply the LR by ``gamma`` at each milestone.

    Formula: f(t) = gamma^n, n the number of milestones <= t.
    Edges: order does not matter, repeated milestones count twice, those at 0 and below act from the start.
    Each may have a unit of its own.
    Source: composer 0.32.1 ``MultiStepScheduler``.

    Raises:
        ScheduleError: a milestone is no duration.

    """
    places = [run.length(place, "milestones") for place in milestones]
    return scale(Timeline((shapes.milestones(places, gamma),)), group.lr)


@schedule(example={"alpha": 0.5, "t_max": "40ba", "max_duration": "100ba"})
def ConstantScheduler(group: Group, alpha: Factor = 1.0, t_max: Time = "1dur", *, run: Run) -> Timeline:
    """The LR times ``alpha`` until ``t_max``, then the LR itself.

    Formula: f(t) = alpha for t < t_max, then 1.
    Edges: with the defaults it is B at every step.
    Source: composer 0.32.1 ``ConstantScheduler``.

    Raises:
        ScheduleError: ``t_max`` is no duration.

    """
    end = run.length(t_max, "t_max").batches
    held = [constant(alpha)] if end > 0 else []
    restored = constant(1.0, kind="hold", label="restored", start=max(end, 0.0))
    return scale(Timeline((*held, restored)), group.lr)


@schedule(example={"alpha_f": 0.1, "max_duration": "100ba"})
def LinearScheduler(
    group: Group, alpha_i: Factor = 1.0, alpha_f: FloorRate = 0.0, t_max: Time = "1dur", *, run: Run
) -> Timeline:
    """The LR times a factor that goes from ``alpha_i`` to ``alpha_f`` over ``t_max``.

    Formula: f(t) = alpha_i + min(1, t / t_max) (alpha_f - alpha_i).
    Edges: the defaults fall from B to 0 over the run, unlike those of torch's LinearLR. A t_max shorter than
    the run is accepted, here and without a warmup.
    Source: composer 0.32.1 ``LinearScheduler``.

    Raises:
        ScheduleError: ``t_max`` is 0 or no duration.

    """
    T = run.length(t_max, "t_max").divides("t_max")
    phases = shapes.decay("linear", shapes.linear(alpha_i, alpha_f), T.share, 0.0, T.batches)
    return scale(Timeline(phases), group.lr)


@schedule(example={"gamma": 0.9, "max_duration": "100ba", "batches_per_epoch": 10})
def ExponentialScheduler(group: Group, gamma: Factor, decay_period: Time = "1ep", *, run: Run) -> Timeline:
    """Multiply the LR by ``gamma`` in every ``decay_period``, a part of that at every batch.

    Formula: f(t) = gamma^(t / decay_period).
    Edges: smooth within the period, though that is an epoch by default. A negative gamma makes complex
    numbers of the batches that are no whole number of periods.
    Source: composer 0.32.1 ``ExponentialScheduler``.

    Raises:
        ScheduleError: ``decay_period`` is 0 or no duration.

    """
    period = run.length(decay_period, "decay_period").divides("decay_period")
    turns = Periodic(1, monotone=False) if gamma < 0 else Listed()
    phase = Phase("decay", 0.0, lambda t: float(gamma) ** period.share(t), turns, label="exponential decay")
    if gamma < 0 and period.each % period.value:
        return scale(Timeline((phase,), 1, f"the LR would be a complex number (gamma={gamma})"), group.lr)
    powers, why = _powers(gamma, period)
    end = math.floor(powers * abs(period.batches)) + 1 if why else math.inf
    return scale(Timeline((phase,), end, why), group.lr)


@schedule(example={"alpha_f": 0.1, "max_duration": "100ba"})
def CosineAnnealingScheduler(
    group: Group, t_max: Time = "1dur", alpha_f: FloorRate = 0.0, *, run: Run
) -> Timeline:
    """Half a cosine from B to B ``alpha_f`` over ``t_max``, then that.

    Formula: f(t) = alpha_f + (1 - alpha_f) (1 + cos(pi u)) / 2, u = t / t_max between 0 and 1.
    Edges: alpha_f is a share of B, not an LR. It does not rise again after t_max.
    Source: composer 0.32.1 ``CosineAnnealingScheduler``.

    Raises:
        ScheduleError: ``t_max`` is 0 or no duration.

    """
    T = run.length(t_max, "t_max").divides("t_max")
    phases = shapes.decay("cosine decay", shapes.cosine(alpha_f), T.share, 0.0, T.batches)
    return scale(Timeline(phases), group.lr)


@schedule(example={"power": 2.0, "max_duration": "100ba"}, starter={"power": "2.0"})
def PolynomialScheduler(
    group: Group, power: Number, t_max: Time = "1dur", alpha_f: FloorRate = 0.0, *, run: Run
) -> Timeline:
    """From B to B ``alpha_f`` over ``t_max`` by a power of what is left of it.

    Formula: f(t) = alpha_f + (1 - min(1, t / t_max))^power (1 - alpha_f).
    Edges: a negative power rises, and divides by zero at t_max.
    Source: composer 0.32.1 ``PolynomialScheduler``.

    Raises:
        ScheduleError: ``t_max`` is 0 or no duration.

    """
    T = run.length(t_max, "t_max").divides("t_max")
    phases = shapes.decay("polynomial decay", shapes.polynomial(power, alpha_f), T.share, 0.0, T.batches)
    return scale(Timeline(phases, *shapes.zero_divided(power, T)), group.lr)


@schedule(
    example={"t_0": "10ba", "t_mult": 2.0, "alpha_f": 0.01, "max_duration": "100ba"}, starter={"t_0": "25%"}
)
def CosineAnnealingWarmRestartsScheduler(
    group: Group, t_0: Time, t_mult: Number = 1.0, alpha_f: FloorRate = 0.0, *, run: Run
) -> Timeline:
    """Half cosines from B to B ``alpha_f``, each cycle ``t_mult`` times as long as the one before.

    Formula: f(t) = alpha_f + (1 - alpha_f) (1 + cos(pi u)) / 2, u the share of the cycle that has passed; the
    length of each cycle is the whole part of t_mult times the one before.
    Edges: with t_mult below 1 the cycles shrink to nothing, and composer raises. Its loop may never end where
    t_0 or t_mult is negative; lrviz refuses those.
    Source: composer 0.32.1 ``CosineAnnealingWarmRestartsScheduler``.

    Raises:
        ScheduleError: ``t_0`` is 0, negative or no duration, or ``t_mult`` is negative.

    """
    first, fall = run.length(t_0, "t_0"), shapes.cosine(alpha_f)
    if first.value < 0 or t_mult < 0:
        raise ScheduleError(
            f"t_0 and t_mult must not be negative, got {t_0!r} and {t_mult!r}", hint="t_0=10ba,t_mult=2"
        )
    why = f"the cycles have shrunk to nothing (t_0={first}, t_mult={t_mult})"
    if first.value == 0:
        raise ScheduleError(why, hint="<t_0=10ba>")
    if int(t_mult * first.value) == first.value:
        length, turns = float(first.value), Periodic(first.batches, jumps=True)
        alike = Phase(
            "cycle", 0.0, lambda t: fall(t * first.each % length / length), turns, label="cosine cycles"
        )
        return scale(Timeline((alike,)), group.lr)
    lengths = _lengths(first.value, t_mult, LARGEST_TICK * first.each)
    ends = np.cumsum(np.array(lengths, dtype=float))

    def rate(t: TickArray) -> Rates:
        cycle = np.minimum(np.searchsorted(ends, t * first.each, side="right"), ends.size - 1)
        length = look_up(np.array(lengths, dtype=float), cycle)
        return fall((t * first.each - (look_up(ends, cycle) - length)) / length)

    phase = Phase("cycle", 0.0, rate, Listed(tuple(ends / first.each), jumps=True), label="cosine cycles")
    over = math.ceil(ends[-1] / first.each)
    if len(lengths) == MOST_CYCLES:
        unknown = f"only the first {MOST_CYCLES} cycles are known"
        return scale(Timeline((phase,), over, unknown, gives_out=True), group.lr)
    return scale(Timeline((phase,), over if t_mult < 1 else math.inf, why if t_mult < 1 else ""), group.lr)


MOST_CYCLES = 1 << 20
"""Each differs from the one before by a batch at least, so that together they are over 5e11 batches long."""


def _lengths(first: int, mult: float, most: int) -> list[int]:
    """The length of each cycle until they are nothing, too many, or together longer than ``most``."""
    lengths, together = [first], first
    while together <= most and len(lengths) < MOST_CYCLES and (length := int(mult * lengths[-1])) > 0:
        lengths.append(length)
        together += length
    return lengths
