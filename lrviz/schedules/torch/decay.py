"""Schedulers that multiply the LR: StepLR, MultiStepLR, ConstantLR, LinearLR, ExponentialLR, PolynomialLR."""

from __future__ import annotations

import math

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Factor, Number, Ticks
from lrviz.engine.chain import KEEP, Affine, Chainable, Pairs
from lrviz.engine.timeline import Phase, Rates, TickArray, Timeline, trend
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes import multiplied
from lrviz.schedules.shapes.multiplied import times


@schedule(example={"step_size": 30, "gamma": 0.5}, starter={"step_size": "30%"}, aliases=("step",))
def StepLR(group: Group, step_size: Ticks, gamma: Factor = 0.1) -> Chainable:
    """Multiply the LR by ``gamma`` every ``step_size`` ticks.

    Formula: lr(t) = B gamma^(t // step_size).
    Edges: drops at t = step_size. A negative step_size acts as its absolute value, a fractional one at its
    whole multiples. step_size 0 is accepted and divides by zero at the first step().
    Source: torch 2.13.0 ``StepLR``.
    """
    does = multiplied.step(group.lr, step_size, gamma)
    enter = (0.0, group.lr) if step_size else does.timeline.why
    return Chainable(does.timeline, KEEP, does.maps, enter, multiplies=True)


@schedule(example={"milestones": (30, 80)}, starter={"milestones": "50%,75%"}, aliases=("multistep",))
def MultiStepLR(group: Group, milestones: tuple[Ticks, ...], gamma: Factor = 0.1) -> Chainable:
    """Multiply the LR by ``gamma`` at each milestone.

    Formula: lr(t) = B gamma^n, n the number of milestones in 0 … t.
    Edges: order does not matter, repeated milestones count twice, milestone 0 acts in the constructor;
    fractional and negative milestones never act (but a SequentialLR that enters the scheduler counts
    the negative ones). No milestones: constant.
    Source: torch 2.13.0 ``MultiStepLR``.
    """
    does = multiplied.multi_step(group.lr, milestones, gamma)
    first = gamma ** sum(m == 0 for m in milestones)
    entered = group.lr * gamma ** sum(m <= 0 for m in milestones)
    return Chainable(does.timeline, (first, 0.0), does.maps, (0.0, entered), multiplies=True)


@schedule(example={"factor": 0.5, "total_iters": 40})
def ConstantLR(group: Group, factor: Factor = 1.0 / 3, total_iters: Ticks = 5) -> Chainable:
    """The LR times ``factor`` until ``total_iters``, then the LR itself.

    Formula: lr(t) = B factor for t < total_iters, else B.
    Edges: total_iters 0 stays at B factor for ever; factor 0 divides by zero at total_iters.
    Source: torch 2.13.0 ``ConstantLR``.

    Raises:
        ScheduleError: ``factor`` outside [0, 1].

    """
    if not 0 <= factor <= 1:
        raise ScheduleError(
            f"ConstantLR: factor must be between 0 and 1, got {factor!r}", hint="<factor=0.1>"
        )
    does = multiplied.constant(group.lr, factor, total_iters)
    entered = group.lr * (factor + (total_iters <= 0) * (1 - factor))
    return Chainable(does.timeline, (factor, 0.0), does.maps, (0.0, entered), multiplies=True)


@schedule(example={"start_factor": 0.1, "total_iters": 20})
def LinearLR(
    group: Group, start_factor: Factor = 1.0 / 3, end_factor: Factor = 1.0, total_iters: Ticks = 5
) -> Chainable:
    """The LR times a factor that goes from ``start_factor`` to ``end_factor`` in ``total_iters`` ticks.

    Formula: lr(t) = B (s + (e - s) min(t, T) / T).
    Edges: e is reached at t = T, so there are T + 1 distinct values. T = 0 stays at B s for ever, and
    divides by zero where a SequentialLR enters it.
    Source: torch 2.13.0 ``LinearLR``.

    Raises:
        ScheduleError: ``start_factor`` outside (0, 1] or ``end_factor`` outside [0, 1].

    """
    if not 0 < start_factor <= 1:
        raise ScheduleError(
            f"LinearLR: start_factor must be greater than 0 and at most 1, got {start_factor!r}",
            hint="<start_factor=1e-8> starts as good as at 0",
        )
    if not 0 <= end_factor <= 1:
        raise ScheduleError(
            f"LinearLR: end_factor must be between 0 and 1, got {end_factor!r}", hint="<end_factor=1.0>"
        )
    B, s, e, T = group.lr, start_factor, end_factor, total_iters

    def rate(t: TickArray) -> Rates:
        return B * (s + (e - s) * np.clip(t, 0.0, np.floor(T)) / T) if T > 0 else np.full(t.shape, B * s)

    def maps(k: TickArray) -> Pairs:
        grown = 1.0 + (e - s) / (T * s + (k - 1.0) * (e - s))
        return times(np.where(k == 0, s, np.where(k > T, 1.0, grown)))

    entered = (0.0, B * (s if T > 0 else e)) if T else "division by zero (LinearLR: total_iters=0)"
    phase = Phase(trend(s, e), 0.0, rate, label="linear")
    return Chainable(Timeline((phase,)), (s, 0.0), maps, entered, multiplies=True)


@schedule(example={"gamma": 0.95}, starter={"gamma": "0.999"}, aliases=("exponential",))
def ExponentialLR(group: Group, gamma: Factor) -> Chainable:
    """Multiply the LR by ``gamma`` at every tick.

    Formula: lr(t) = B gamma^t.
    Edges: gamma is not checked: 0 gives B, 0, 0 …, above 1 it grows.
    Source: torch 2.13.0 ``ExponentialLR``.
    """
    does = multiplied.exponential(group.lr, gamma)
    return Chainable(does.timeline, KEEP, does.maps, (0.0, group.lr), multiplies=True)


@schedule(example={"total_iters": 100, "power": 2.0})
def PolynomialLR(group: Group, total_iters: Ticks = 5, power: Number = 1.0) -> Chainable:
    """The LR times (1 - t / total_iters)^power, 0 from ``total_iters`` on.

    Formula: lr(t) = B (1 - min(t, T) / T)^power.
    Edges: T = 0 is constant B, and divides by zero where a SequentialLR enters it; power 0 is constant B.
    Source: torch 2.13.0 ``PolynomialLR``.
    """
    B, T = group.lr, total_iters

    def rate(t: TickArray) -> Rates:
        return B * (1.0 - np.minimum(t, np.floor(T)) / T) ** power if T > 0 else np.full(t.shape, B)

    why = f"division by zero (PolynomialLR: total_iters={T}, power={power})"

    def maps(k: TickArray) -> Pairs:
        if T == 0 and k.size and k.min() <= 0:
            raise ScheduleError(why, hint="<total_iters=100>", step=0)
        falling = ((1.0 - k / T) / (1.0 - (k - 1.0) / T)) ** power if T else np.ones(k.shape)
        return times(np.where(k > T, 1.0, falling))

    entered: Affine | str = why
    if T > 0 or (T < 0 and power >= 0):
        entered = 0.0, B if T > 0 else B * 0.0**power
    end = float(T) if power < 0 and T > 0 and float(T).is_integer() else math.inf
    return Chainable(
        Timeline((Phase("decay", 0.0, rate, label="polynomial decay"),), end, why),
        KEEP,
        maps,
        entered,
        multiplies=True,
    )
