"""Constants and decays: linear, polynomial, exponential, cosine."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import BaseLR, Factor, Floor, FloorRate, Number, Ticks, Total
from lrviz.engine.breakpoints import Periodic
from lrviz.engine.opaque import Opaque
from lrviz.engine.timeline import MONOTONE, Phase, TickArray, Timeline, constant, trend
from lrviz.errors import ScheduleError
from lrviz.schedules.optax.count import counted, power
from lrviz.schedules.shapes.float32 import Array, formula, rounded_cos, rounded_power, timeline


@schedule(example={"value": 0.1})
def constant_schedule(value: BaseLR) -> Timeline:
    """One LR for ever.

    Formula: lr(t) = value.
    Edges: it stays a Python number, which float32 does not round.
    Source: optax 0.2.8 ``constant_schedule``.
    """
    return Timeline((constant(value),))


@schedule(
    example={"init_value": 0.1, "end_value": 0.01, "power": 2.0, "transition_steps": 100},
    starter={"end_value": "0.0", "power": "1.0"},
)
def polynomial_schedule(
    init_value: BaseLR,
    end_value: Floor,
    power: Number,
    transition_steps: Total,
    transition_begin: Ticks = 0,
    dtype: str = "float32",
) -> Timeline:
    """A polynomial from ``init_value`` to ``end_value``, up or down.

    Formula: lr(t) = (i - e) (1 - c / N)^power + e, c = min(max(t - transition_begin, 0), N), N =
    transition_steps.
    Edges: with an N of 0 or less it stays at ``init_value``; a negative transition_begin is 0. Inside jit 1 -
    c / N may be 6e-8 at the end, of which a power of 0.5 makes 2e-4 of the way.
    Source: optax 0.2.8 ``polynomial_schedule``.

    Raises:
        ScheduleError: a duration that is no int32.

    """
    return polynomial(
        init_value, end_value, power, transition_steps, transition_begin, dtype, "polynomial decay"
    )


@schedule(
    example={"init_value": 0.1, "end_value": 0.01, "transition_steps": 80, "transition_begin": 20},
    starter={"end_value": "0.0"},
)
def linear_schedule(
    init_value: BaseLR,
    end_value: Floor,
    transition_steps: Total,
    transition_begin: Ticks = 0,
    dtype: str = "float32",
) -> Timeline:
    """A straight line from ``init_value`` to ``end_value``, up or down.

    Formula: lr(t) = (i - e) (1 - c / N) + e, c = min(max(t - transition_begin, 0), N), N = transition_steps.
    Edges: with an N of 0 or less it stays at ``init_value``; a negative transition_begin is 0.
    Source: optax 0.2.8 ``linear_schedule``.

    Raises:
        ScheduleError: a duration that is no int32.

    """
    return polynomial(init_value, end_value, 1, transition_steps, transition_begin, dtype, "linear")


def polynomial(
    init: float, end: float, exponent: float, transition_steps: float, begin: float, dtype: str, label: str
) -> Timeline:
    """The phase of a polynomial, behind a constant one where it begins later."""
    if transition_steps <= 0:
        return Timeline((constant(init),))
    N = counted("transition_steps", transition_steps, dtype)
    start = counted("transition_begin", max(begin, 0), dtype)

    def values(t: TickArray) -> Array:
        c = np.clip(t - start, 0, N).astype(dtype)
        return (init - end) * power(1 - c / N, exponent, dtype) + end

    return _from(start, Phase(trend(init, end), 0.0, formula(values, dtype), label=label))


def _from(start: float, phase: Phase) -> Timeline:
    """The phase's formula, called constant up to ``start``."""
    before = [Phase("constant", 0.0, phase.rate)] if start > 0 else []
    return Timeline((*before, replace(phase, start=float(start))))


@schedule(
    example={"init_value": 0.1, "transition_steps": 20, "decay_rate": 0.5},
    starter={"transition_steps": "20%", "decay_rate": "0.5"},
)
def exponential_decay(
    init_value: BaseLR,
    transition_steps: Ticks,
    decay_rate: Factor,
    transition_begin: Ticks = 0,
    staircase: bool = False,
    end_value: Floor | None = None,
    dtype: str = "float32",
) -> Timeline:
    """Multiply the LR by ``decay_rate`` over every ``transition_steps`` steps, gradually or at once.

    Formula: lr(t) = i decay_rate^p, p = (t - transition_begin) / transition_steps; floor(p) with
    ``staircase``; i before transition_begin. With an end_value never below it, or never above it if
    decay_rate >= 1.
    Edges: transition_steps of 0 or less, or a decay_rate of 0, leave the LR at ``init_value`` for ever,
    end_value or not. A negative transition_begin is 0. end_value holds before transition_begin too. A
    negative decay_rate is nan between whole p.
    Source: optax 0.2.8 ``exponential_decay``.

    Raises:
        ScheduleError: a duration that is no int32.

    """
    return exponential(
        init_value, transition_steps, decay_rate, transition_begin, staircase, end_value, dtype
    )


def exponential(
    init: float,
    transition_steps: float,
    rate: float,
    begin: float,
    staircase: bool,
    end: float | None,
    dtype: str,
) -> Timeline:
    """The phase of an exponential decay, behind a constant one where it begins later."""
    if transition_steps <= 0 or rate == 0:
        return Timeline((constant(init),))
    N = counted("transition_steps", transition_steps, dtype)
    start = counted("transition_begin", max(begin, 0), dtype)

    def values(t: TickArray) -> Array:
        c = (t - start).astype(dtype)
        p = np.floor(c / N) if staircase else c / N
        decayed: Array = np.where(c <= 0, init, init * rounded_power(rate, p, dtype))
        if end is None:
            return decayed
        return np.maximum(decayed, end) if rate < 1 else np.minimum(decayed, end)

    shape = MONOTONE if rate > 0 else Opaque()
    phase = Phase("decay", 0.0, formula(values, dtype), shape, label="exponential decay")
    if staircase:
        stairs = Periodic(float(N), start=start, jumps=True, monotone=rate > 0)
        return timeline(*_from(start, replace(phase, shape=stairs)).phases, dtype=dtype)
    return _from(start, phase)


@schedule(example={"init_value": 0.1, "decay_steps": 100})
def cosine_decay_schedule(
    init_value: BaseLR,
    decay_steps: Total,
    alpha: FloorRate = 0.0,
    exponent: Number = 1.0,
    dtype: str = "float32",
) -> Timeline:
    """Half a cosine from the LR to ``alpha`` times it, to the power of ``exponent``.

    Formula: lr(t) = i ((1 - alpha) ((1 + cos(pi c / N)) / 2)^exponent + alpha), c = min(t, N),
    N = decay_steps.
    Edges: the floor is a factor, and is reached at t = N.
    Source: optax 0.2.8 ``cosine_decay_schedule``.

    Raises:
        ScheduleError: ``decay_steps`` is not positive.

    """
    return cosine(init_value, decay_steps, alpha, exponent, dtype)


def cosine(init: float, decay_steps: float, alpha: float, exponent: float, dtype: str) -> Timeline:
    """The phase of a cosine decay.

    Raises:
        ScheduleError: ``decay_steps`` is not positive.

    """
    if not decay_steps > 0:
        raise ScheduleError(
            f"a cosine decay needs decay_steps above 0, got {decay_steps!r}", hint="<decay_steps=1000>"
        )
    N = float(decay_steps)

    def values(t: TickArray) -> Array:
        c = np.minimum(t.astype(dtype), np.asarray(N, dtype=dtype))
        wave = 0.5 * (1 + rounded_cos(np.pi * c / N))
        return init * ((1 - alpha) * power(wave, exponent, dtype) + alpha)

    return Timeline((Phase("decay", 0.0, formula(values, dtype), label="cosine"),))
