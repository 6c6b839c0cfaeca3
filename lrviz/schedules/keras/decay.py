"""Decays by a power or in steps: exponential, inverse time, polynomial and piecewise constant."""

from __future__ import annotations

import numpy as np

from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import LR, BaseLR, Factor, Number, Ticks, Total
from lrviz.engine.breakpoints import Breakpoints, Listed, Periodic
from lrviz.engine.opaque import Opaque
from lrviz.engine.timeline import MONOTONE, Phase, TickArray, Timeline
from lrviz.errors import ScheduleError
from lrviz.schedules.keras.cast import cast_to, check_positive
from lrviz.schedules.shapes.float32 import Array, f32, formula, timeline

BEHIND = 1e-3
"""A jump just behind a place: at a whole tick the value is still the old one."""


@schedule(example={"initial_learning_rate": 0.1, "decay_steps": 20, "decay_rate": 0.5}, ignores=("name",))
def ExponentialDecay(
    initial_learning_rate: BaseLR, decay_steps: Ticks, decay_rate: Factor, staircase: bool = False
) -> Timeline:
    """Multiply the LR by ``decay_rate`` over every ``decay_steps`` steps, gradually or at once.

    Formula: lr(t) = a decay_rate^p, p = t / decay_steps; floor(p) with ``staircase``.
    Edges: decay_rate is not checked. An initial_learning_rate of 1, not 1.0, is an int: decay_rate 0.96 is
    cast to int32 and the LR is 0 from t = 1 on.
    Source: keras 3.15.1 ``ExponentialDecay``.

    Raises:
        ScheduleError: ``decay_steps`` is not positive.

    """
    check_positive("ExponentialDecay", "decay_steps", decay_steps)
    cast = cast_to(initial_learning_rate)
    a, N, rate = cast(initial_learning_rate), cast(decay_steps), cast(decay_rate)

    def values(t: TickArray) -> Array:
        p = cast(t) / N
        return a * rate ** (np.floor(p) if staircase else p)

    stairs = Periodic(float(N), jumps=True, monotone=bool(rate >= 0))
    shape = stairs if staircase and N else MONOTONE
    return timeline(Phase("decay", 0.0, formula(values), shape, label="exponential decay"))


@schedule(example={"initial_learning_rate": 0.1, "decay_steps": 20, "decay_rate": 0.5}, ignores=("name",))
def InverseTimeDecay(
    initial_learning_rate: BaseLR, decay_steps: Ticks, decay_rate: Factor, staircase: bool = False
) -> Timeline:
    """The LR divided by 1 plus ``decay_rate`` for every ``decay_steps`` steps.

    Formula: lr(t) = a / (1 + decay_rate p), p = t / decay_steps; floor(p) with ``staircase``.
    Edges: a negative decay_rate passes through infinity. An initial_learning_rate of 1, not 1.0, is an int:
    decay_rate 0.5 is cast to int32 and nothing decays.
    Source: keras 3.15.1 ``InverseTimeDecay``.

    Raises:
        ScheduleError: ``decay_steps`` is not positive.

    """
    check_positive("InverseTimeDecay", "decay_steps", decay_steps)
    cast = cast_to(initial_learning_rate)
    a, N, rate = cast(initial_learning_rate), cast(decay_steps), cast(decay_rate)

    def values(t: TickArray) -> Array:
        p = cast(t) / N
        return a / (f32(1) + rate * (np.floor(p) if staircase else p))

    shape: Breakpoints = Periodic(float(N), jumps=True) if staircase and N else MONOTONE
    shape = shape if rate >= 0 else Opaque()
    return timeline(Phase("decay", 0.0, formula(values), shape, label="inverse time decay"))


@schedule(example={"initial_learning_rate": 0.1, "decay_steps": 100, "power": 2.0}, ignores=("name",))
def PolynomialDecay(
    initial_learning_rate: BaseLR,
    decay_steps: Total,
    end_learning_rate: LR = 0.0001,
    power: Number = 1.0,
    cycle: bool = False,
) -> Timeline:
    """A polynomial from the LR to ``end_learning_rate``, once or again and again.

    Formula: lr(t) = (a - e) (1 - min(t, N) / N)^power + e. With ``cycle`` lr(t) = (a - e) (1 - t / M)^power
    + e, M = N ceil(t / N), and N at t = 0.
    Edges: with ``cycle`` e is reached at N, 2 N …, and each tooth starts lower than the one before. An
    initial_learning_rate of 1, not 1.0, is an int: end_learning_rate 0.0001 and power 0.5 are cast to 0.
    Source: keras 3.15.1 ``PolynomialDecay``.

    Raises:
        ScheduleError: ``decay_steps`` is not positive.

    """
    check_positive("PolynomialDecay", "decay_steps", decay_steps)
    cast = cast_to(initial_learning_rate)
    a, N = cast(initial_learning_rate), cast(decay_steps)
    e, exponent = cast(end_learning_rate), cast(power)

    def values(t: TickArray) -> Array:
        step = cast(t)
        if cycle:
            length = N * np.where(step == 0, f32(1), np.ceil(step / f32(decay_steps)))
        else:
            step, length = np.minimum(step, N), N
        lr: Array = (a - e) * (f32(1) - step / length) ** exponent + e
        return lr

    whole = float(N).is_integer() and bool(exponent > 0)
    teeth = Periodic(float(N), start=BEHIND, jumps=True, monotone=whole) if N else MONOTONE
    shape = teeth if cycle else MONOTONE
    return timeline(Phase("decay", 0.0, formula(values), shape, label="polynomial decay"))


@schedule(example={"boundaries": (30, 80), "values": (0.1, 0.05, 0.01)}, ignores=("name",))
def PiecewiseConstantDecay(boundaries: tuple[Ticks, ...], values: tuple[LR, ...]) -> Timeline:
    """One LR up to each boundary, the last one after all of them.

    Formula: lr(t) = values[i] for boundaries[i - 1] < t <= boundaries[i].
    Edges: a boundary still has the old value: the drop is at t = boundary + 1. A fractional boundary loses
    its fraction. Boundaries that do not ascend leave gaps, where the LR is 0, or overlap, where values add
    up. Values of which only the first is an int fail on the torch and numpy backends.
    Source: keras 3.15.1 ``PiecewiseConstantDecay``.

    Raises:
        ScheduleError: no boundaries, or the number of values is not one more than theirs.

    """
    if len(boundaries) != len(values) - 1:
        raise ScheduleError(
            f"PiecewiseConstantDecay: {len(boundaries)} boundaries need {len(boundaries) + 1} values,"
            f" got {len(values)}",
            hint="boundaries=30,80 and values=0.1,0.05,0.01",
        )
    if not boundaries:
        raise ScheduleError(
            "PiecewiseConstantDecay: boundaries has no first one to look at", hint="<boundaries=30>", step=0
        )
    places = [float(int(place)) for place in boundaries]

    def rate(t: TickArray) -> Array:
        total = (t <= places[0]) * f32(values[0]) + (t > places[-1]) * f32(values[-1])
        for low, high, value in zip(places, places[1:], values[1:-1], strict=False):
            total = total + ((t > low) & (t <= high)) * f32(value)
        return total

    turns = Listed(tuple(place + 1 for place in places), jumps=True)
    return timeline(Phase("constant", 0.0, formula(rate), turns))
