"""Keras: LearningRateSchedule classes, 3.15.1.

``schedule(step)`` with ``step = optimizer.iterations``, which is t at update t. Computed in
float32, in the order of the source, the step included.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lrviz.errors import ScheduleError
from lrviz.registry import BaseLR, Count, Factor, Framework, Ticks, schedule
from lrviz.timeline import Formula, Phase, Rates, Rough, Timeline
from lrviz.timeline import Ticks as TickArray
from lrviz.turns import Cycles, Every, Turns

FRAMEWORK = Framework("keras", "3.15.1", optimizer=False, dtype="float32")

f32 = np.float32

Single = NDArray[np.float32]


def _positive(schedule: str, name: str, value: float) -> None:
    if value <= 0:
        raise ScheduleError(f"{schedule}: {name} must be greater than 0, got {value!r}", hint=f"{name}=1000")


def _cosine(fraction: Single) -> Single:
    wave: Single = f32(0.5) * (f32(1.0) + np.cos(f32(math.pi) * fraction))
    return wave


@schedule(
    example={"initial_learning_rate": 0.1, "first_decay_steps": 20}, starter={"first_decay_steps": "25%"}
)
def CosineDecayRestarts(
    initial_learning_rate: BaseLR,
    first_decay_steps: Ticks,
    t_mul: Count = 2.0,
    m_mul: Factor = 1.0,
    alpha: Factor = 0.0,
) -> Timeline:
    """Cosine cycles of N, N t_mul, N t_mul² … steps; cycle i starts at m_mul^i of the first.

    Formula: lr(t) = a ((1 - alpha) m_mul^i (1 + cos(pi u)) / 2 + alpha), u the fraction of cycle i done;
    i = floor(log(1 - t / N (1 - t_mul)) / log(t_mul)), or floor(t / N) for t_mul = 1, all in float32.
    Edges: m_mul scales only the part above alpha. The float32 logarithm may slip at a cycle's start.
    Source: keras 3.15.1 ``CosineDecayRestarts``.

    Raises:
        ScheduleError: ``first_decay_steps`` is not positive.

    """
    _positive("CosineDecayRestarts", "first_decay_steps", first_decay_steps)
    a, N, mul = f32(initial_learning_rate), f32(first_decay_steps), f32(t_mul)

    def rate(t: TickArray) -> Rates:
        cycle, fraction = _cycle(t.astype(f32) / N, mul)
        wave = f32(m_mul) ** cycle * _cosine(fraction)
        return np.asarray(a * ((f32(1) - f32(alpha)) * wave + f32(alpha)), dtype=np.float64)

    turns: Turns | Rough = Every(float(N), jumps=True, monotone=False)
    if t_mul != 1:  # cycles that shrink have no end to their turns
        turns = Cycles(float(N), float(mul)) if t_mul > 1 else Rough()
    return _single("cosine cycles", rate, turns)


def _single(name: str, rate: Formula, turns: Turns | Rough) -> Timeline:
    """A float32 formula: past 2**24 its ticks are rounded, and nothing is known between them."""
    return Timeline((Phase(name, 0.0, rate, turns), Phase(name, 2.0**24, rate, Rough())))


def _cycle(done: Single, mul: np.float32) -> tuple[Single, Single]:
    """The number of the cycle and the fraction of it done, from t / N."""
    if mul == 1:
        cycle = np.floor(done)
        return cycle, done - cycle
    cycle = np.floor(np.log(f32(1) - done * (f32(1) - mul)) / np.log(mul))
    before = (f32(1) - mul**cycle) / (f32(1) - mul)
    return cycle, (done - before) / mul**cycle
