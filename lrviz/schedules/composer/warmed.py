"""Composer's schedulers with a warmup: a straight line from 0, then another scheduler's shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Factor, FloorRate, Number, Time, WarmupTime
from lrviz.engine.compose import scale
from lrviz.engine.timeline import Phase, Timeline, constant
from lrviz.errors import ScheduleError
from lrviz.schedules.composer import shapes
from lrviz.schedules.composer.run import Length, Run

if TYPE_CHECKING:
    from collections.abc import Sequence


def _warmup(run: Run, t_warmup: str, *, scaled: bool, goal: float = 1.0) -> tuple[Length, list[Phase]]:
    """Where the warmup ends, and its phase; ``scaled``: scale_schedule_ratio changes its slope alone."""
    W = run.length(t_warmup, "t_warmup", scale=False)
    if W.value <= 0:
        return W, []
    rise = run.length(t_warmup, "t_warmup", scale=scaled).divides("t_warmup")
    ramp = shapes.linear(0.0, goal)
    return W, [Phase("warmup", 0.0, lambda t: ramp(np.minimum(1.0, rise.share(t))))]


def _until(run: Run, t_max: str, W: Length) -> Length:
    """The end of what follows a warmup of W.

    Raises:
        ScheduleError: it is counted in another unit than W, or lies before the end of the run.

    """
    T = run.length(t_max, "t_max")
    if W.unit != T.unit:
        text = f"t_warmup and t_max must have one unit, got {W} and {T}"
        raise ScheduleError(text, hint=f"<t_warmup={round(W.batches * T.each)}{T.unit}>")
    run.covered_by(T)
    return T


def _decay(label: str, fall: shapes.Fall, W: Length, T: Length) -> Sequence[Phase]:
    """The fall between W and T, which never begins where T is no later."""
    if T.value <= W.value:
        return (constant(float(fall(np.zeros(1))[0]), kind="stable", start=W.batches),)
    each, span = W.each, float(T.value - W.value)
    return shapes.decay(label, fall, lambda t: (t * each - W.value) / span, W.batches, T.batches)


@schedule(
    example={"t_warmup": "10ba", "milestones": ("40ba", "0.8dur"), "max_duration": "100ba"},
    starter={"t_warmup": "0", "milestones": "50%,75%"},
)
def MultiStepWithWarmupScheduler(
    group: Group,
    t_warmup: WarmupTime,
    milestones: tuple[Time, ...],
    gamma: Factor = 0.1,
    scale_warmup: bool = False,
    *,
    run: Run,
) -> Timeline:
    """A linear warmup from 0, then the LR multiplied by ``gamma`` at each milestone.

    Formula: f(t) = t / W for t < W = t_warmup, then gamma^n, n the number of milestones <= t.
    Edges: milestones count from 0, not from W; those inside the warmup act together at its end.
    scale_schedule_ratio moves the milestones; with scale_warmup it also changes the slope of the warmup but
    not its end W, where the LR then jumps or has waited at B. Milestones are read at W: one that is no
    duration stops the run there.
    Source: composer 0.32.1 ``MultiStepWithWarmupScheduler``.

    Raises:
        ScheduleError: ``t_warmup`` is no duration.

    """
    W, warmup = _warmup(run, t_warmup, scaled=scale_warmup)
    try:
        places = [run.length(place, "milestones") for place in milestones]
    except ScheduleError as error:
        if not warmup:
            raise
        return scale(Timeline(tuple(warmup), W.first, error.message), group.lr)
    return scale(Timeline((*warmup, shapes.milestones(places, gamma, start=W.batches))), group.lr)


@schedule(example={"t_warmup": "10ba", "max_duration": "100ba"}, starter={"t_warmup": "0"})
def ConstantWithWarmupScheduler(
    group: Group,
    t_warmup: WarmupTime,
    alpha: Factor = 1.0,
    t_max: Time = "1dur",
    scale_warmup: bool = False,
    *,
    run: Run,
) -> Timeline:
    """A linear warmup from 0 to B ``alpha``, which then holds.

    Formula: f(t) = alpha t / W for t < W = t_warmup, then alpha.
    Edges: unlike ConstantScheduler it does not return to B after t_max, which is only checked.
    scale_warmup as in MultiStepWithWarmupScheduler.
    Source: composer 0.32.1 ``ConstantWithWarmupScheduler``.

    Raises:
        ScheduleError: ``t_max`` lies before the end of the run, or its unit is not that of ``t_warmup``.

    """
    W, warmup = _warmup(run, t_warmup, scaled=scale_warmup, goal=alpha)
    _until(run, t_max, W)
    return scale(Timeline((*warmup, constant(alpha, kind="stable", start=W.batches))), group.lr)


@schedule(example={"t_warmup": "10ba", "alpha_f": 0.1, "max_duration": "100ba"}, starter={"t_warmup": "0"})
def LinearWithWarmupScheduler(
    group: Group,
    t_warmup: WarmupTime,
    alpha_i: Factor = 1.0,
    alpha_f: FloorRate = 0.0,
    t_max: Time = "1dur",
    scale_warmup: bool = False,
    *,
    run: Run,
) -> Timeline:
    """A linear warmup from 0 to B ``alpha_i``, then a straight line to B ``alpha_f`` at ``t_max``.

    Formula: f(t) = alpha_i t / W for t < W = t_warmup, then alpha_i + u (alpha_f - alpha_i),
    u = (t - W) / (t_max - W) up to 1.
    Edges: t_max <= W stays at alpha_i. scale_warmup as in MultiStepWithWarmupScheduler.
    Source: composer 0.32.1 ``LinearWithWarmupScheduler``.

    Raises:
        ScheduleError: ``t_max`` lies before the end of the run, or its unit is not that of ``t_warmup``.

    """
    W, warmup = _warmup(run, t_warmup, scaled=scale_warmup, goal=alpha_i)
    T = _until(run, t_max, W)
    return scale(Timeline((*warmup, *_decay("linear", shapes.linear(alpha_i, alpha_f), W, T))), group.lr)


@schedule(example={"t_warmup": "10ba", "alpha_f": 0.1, "max_duration": "100ba"}, starter={"t_warmup": "0"})
def CosineAnnealingWithWarmupScheduler(
    group: Group,
    t_warmup: WarmupTime,
    t_max: Time = "1dur",
    alpha_f: FloorRate = 0.0,
    scale_warmup: bool = False,
    *,
    run: Run,
) -> Timeline:
    """A linear warmup from 0, then half a cosine from B to B ``alpha_f`` at ``t_max``.

    Formula: f(t) = t / W for t < W = t_warmup, then alpha_f + (1 - alpha_f) (1 + cos(pi u)) / 2,
    u = (t - W) / (t_max - W) up to 1.
    Edges: t_max <= W stays at B. scale_warmup as in MultiStepWithWarmupScheduler.
    Source: composer 0.32.1 ``CosineAnnealingWithWarmupScheduler``.

    Raises:
        ScheduleError: ``t_max`` lies before the end of the run, or its unit is not that of ``t_warmup``.

    """
    W, warmup = _warmup(run, t_warmup, scaled=scale_warmup)
    T = _until(run, t_max, W)
    return scale(Timeline((*warmup, *_decay("cosine decay", shapes.cosine(alpha_f), W, T))), group.lr)


@schedule(example={"t_warmup": "10ba", "alpha_f": 0.1, "max_duration": "100ba"}, starter={"t_warmup": "0"})
def PolynomialWithWarmupScheduler(
    group: Group,
    t_warmup: WarmupTime,
    power: Number = 2.0,
    t_max: Time = "1dur",
    alpha_f: FloorRate = 0.0,
    scale_warmup: bool = False,
    *,
    run: Run,
) -> Timeline:
    """A linear warmup from 0, then a power of what is left, from B to B ``alpha_f`` at ``t_max``.

    Formula: f(t) = t / W for t < W = t_warmup, then alpha_f + (1 - u)^power (1 - alpha_f),
    u = (t - W) / (t_max - W) up to 1.
    Edges: the power is 2 by default, PolynomialScheduler has no default. t_max <= W stays at B; a negative
    power divides by zero at t_max. scale_warmup as in MultiStepWithWarmupScheduler.
    Source: composer 0.32.1 ``PolynomialWithWarmupScheduler``.

    Raises:
        ScheduleError: ``t_max`` lies before the end of the run, or its unit is not that of ``t_warmup``.

    """
    W, warmup = _warmup(run, t_warmup, scaled=scale_warmup)
    T = _until(run, t_max, W)
    phases = (*warmup, *_decay("polynomial decay", shapes.polynomial(power, alpha_f), W, T))
    return scale(Timeline(phases, *shapes.zero_divided(power, T, after=W.value)), group.lr)
