"""What schedulers with and without a warmup have in common: falls over u = 0 … 1, and milestones."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from lrviz.engine.breakpoints import Listed
from lrviz.engine.timeline import Formula, Phase, Rates, TickArray, constant, trend

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lrviz.schedules.composer.run import Length

    Fall = Callable[[Rates], Rates]


def linear(alpha_i: float, alpha_f: float) -> Fall:
    """From alpha_i straight to alpha_f."""
    return lambda u: alpha_i + u * (alpha_f - alpha_i)


def cosine(alpha_f: float) -> Fall:
    """Half a wave from 1 to alpha_f."""
    return lambda u: alpha_f + (1.0 - alpha_f) * (1.0 + np.cos(np.maximum(u, 0.0) * math.pi)) / 2.0


def polynomial(power: float, alpha_f: float) -> Fall:
    """From 1 to alpha_f by a power of what is left."""
    return lambda u: alpha_f + (1.0 - u) ** power * (1.0 - alpha_f)


def decay(label: str, fall: Fall, share: Formula, start: float, end: float) -> tuple[Phase, ...]:
    """The fall over the ``share`` of it that has passed, held from ``end`` on, where that is 1."""
    first, last = fall(np.array([0.0, 1.0])).tolist()
    after = constant(last, kind="hold", label="after the end", start=end)
    phase = Phase(trend(first, last), start, lambda t: fall(np.minimum(1.0, share(t))), label=label)
    return (phase, after) if end > max(start, 0.0) else (phase,)


def milestones(places: Sequence[Length], gamma: float, start: float = 0.0) -> Phase:
    """Gamma to the number of places passed, by that many multiplications."""
    acting = sorted(float(place.first) for place in places)
    factors = np.cumprod(np.array([1.0, *(gamma for _ in acting)], dtype=np.float64))

    def rate(t: TickArray) -> Rates:
        passed = np.searchsorted(acting, t, side="right")
        return np.asarray(factors[passed], dtype=np.float64)

    return Phase("decay", start, rate, Listed(tuple(acting), jumps=True), label="step")


def zero_divided(power: float, T: Length, after: int = 0) -> tuple[float, str]:
    """Where a polynomial decay from ``after`` to T divides by zero, and what it says then."""
    refused = power < 0 and T.value > after
    return (max(T.first, 0), f"division by zero (power={power})") if refused else (math.inf, "")
