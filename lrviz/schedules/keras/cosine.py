"""Cosine schedules: CosineDecay and CosineDecayRestarts."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import LR, BaseLR, Factor, FloorRate, Number, Ticks, Total
from lrviz.engine.breakpoints import Breakpoints, Listed, Periodic
from lrviz.engine.geometric import Geometric
from lrviz.engine.opaque import Opaque
from lrviz.engine.timeline import Phase, TickArray, Timeline
from lrviz.schedules.keras.cast import Cast, cast_to, check_positive
from lrviz.schedules.shapes.float32 import Array, f32, formula, rounded_cos, timeline


def _cos01(fraction: Array, cast: Cast) -> Array:
    """(1 + cos(pi u)) / 2, with pi cast too: 3 where an int is computed in."""
    wave: Array = f32(0.5) * (f32(1.0) + rounded_cos(cast(math.pi) * fraction))
    return wave


@schedule(
    example={"initial_learning_rate": 0.0, "decay_steps": 80, "warmup_target": 0.1, "warmup_steps": 20},
    ignores=("name",),
)
def CosineDecay(
    initial_learning_rate: BaseLR,
    decay_steps: Total,
    alpha: FloorRate = 0.0,
    warmup_target: LR | None = None,
    warmup_steps: Ticks = 0,
) -> Timeline:
    """A cosine from the LR to alpha times it, after a linear warmup if ``warmup_target`` is given.

    Formula: lr(t) = a ((1 - alpha) (1 + cos(pi min(t, N) / N)) / 2 + alpha). With a warmup_target g and W =
    warmup_steps: a + (g - a) t / W for t < W, then g ((1 - alpha) (1 + cos(pi min(t - W, N) / N)) / 2 +
    alpha).
    Edges: without warmup_target warmup_steps is ignored. decay_steps does not include the warmup: the floor
    is reached at W + N. An initial_learning_rate of 0, not 0.0, is an int: warmup_target 0.1 is cast to
    int32 and the LR is 0 for ever.
    Source: keras 3.15.1 ``CosineDecay``.

    Raises:
        ScheduleError: ``decay_steps`` is not positive.

    """
    check_positive("CosineDecay", "decay_steps", decay_steps)
    cast = cast_to(initial_learning_rate)
    a, N = cast(initial_learning_rate), cast(decay_steps)

    def decay(t: Array, peak: Array) -> Array:
        lr: Array = peak * (f32(1 - alpha) * _cos01(t / N, cast) + f32(alpha))
        return lr

    if warmup_target is None:
        plain = formula(lambda t: decay(np.minimum(cast(t), N), a))
        return timeline(Phase("decay", 0.0, plain, Listed((float(N),)), label="cosine"))
    g, W = cast(warmup_target), cast(warmup_steps)

    def warmed(t: TickArray) -> Array:
        step = np.minimum(cast(t), N + W)
        return np.where(step < W, (g - a) * (step / W) + a, decay(step - W, g))

    rate = formula(warmed)
    end = float(N + W)
    cosine = Phase("decay", max(0.0, float(W)), rate, Listed((end,)), label="cosine")
    return replace(timeline(*([Phase("warmup", 0.0, rate)] if W > 0 else []), cosine), length=end)


@schedule(
    example={"initial_learning_rate": 0.1, "first_decay_steps": 20},
    starter={"first_decay_steps": "25%"},
    ignores=("name",),
)
def CosineDecayRestarts(
    initial_learning_rate: BaseLR,
    first_decay_steps: Ticks,
    t_mul: Number = 2.0,
    m_mul: Factor = 1.0,
    alpha: FloorRate = 0.0,
) -> Timeline:
    """Cosine cycles of N, N t_mul, N t_mul² … steps; cycle i starts at m_mul^i of the first.

    Formula: lr(t) = a ((1 - alpha) m_mul^i (1 + cos(pi u)) / 2 + alpha), u the fraction of cycle i done;
    i = floor(log(1 - t / N (1 - t_mul)) / log(t_mul)), or floor(t / N) for t_mul = 1, all in float32.
    Edges: m_mul scales only the part above alpha. The float32 logarithm may slip at a cycle's start. An
    initial_learning_rate of 1, not 1.0, is an int: t_mul 1.5 is 1, m_mul and alpha 0.5 are 0, pi is 3.
    Source: keras 3.15.1 ``CosineDecayRestarts``.

    Raises:
        ScheduleError: ``first_decay_steps`` is not positive.

    """
    check_positive("CosineDecayRestarts", "first_decay_steps", first_decay_steps)
    cast = cast_to(initial_learning_rate)
    a, N, mul = cast(initial_learning_rate), cast(first_decay_steps), cast(t_mul)
    m, low = cast(m_mul), cast(alpha)

    def values(t: TickArray) -> Array:
        cycle, fraction = _cycle(cast(t) / N, mul)
        lr: Array = a * ((f32(1) - low) * (m**cycle * _cos01(fraction, cast)) + low)
        return lr

    turns: Breakpoints = Periodic(float(N), jumps=True, monotone=False)
    if mul != 1:  # cycles that shrink have no end to their turns
        turns = Geometric(float(N), float(mul)) if 1 < mul < math.inf else Opaque()
    return timeline(Phase("cycle", 0.0, formula(values), turns, label="cosine cycles"))


def _cycle(done: Array, mul: Array) -> tuple[Array, Array]:
    """The number of the cycle and the fraction of it done, from t / N."""
    if mul == 1:
        cycle = np.floor(done)
        return cycle, done - cycle
    cycle = np.floor(np.log(f32(1) - done * (f32(1) - mul)) / np.log(mul))
    before = (f32(1) - mul**cycle) / (f32(1) - mul)
    return cycle, (done - before) / mul**cycle
