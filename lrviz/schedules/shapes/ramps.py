"""A straight warmup and a fall to a floor, as many trainers have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lrviz.engine.timeline import Phase, constant, trend

if TYPE_CHECKING:
    from lrviz.engine.timeline import Formula, Rates, TickArray


def rise(first: float, last: float, W: float) -> tuple[Phase, ...]:
    """The straight line from ``first`` at tick 0 to ``last`` at tick W; nothing without a warmup."""
    return (Phase("warmup", 0.0, lambda t: first + (last - first) * (t / W)),) if W > 0 else ()


def fall(
    top: float, floor: float, start: float, end: float, shape: Formula, *, label: str = "decay"
) -> tuple[Phase, ...]:
    """From ``top`` to ``floor`` as ``shape`` falls from 1 to 0 over u = 0 … 1, then ``floor``."""
    after = constant(floor, kind="hold", label="after the end", start=max(start, end))
    if end <= start:
        return (after,)
    decay = Phase(
        trend(top, floor),
        start,
        lambda t: floor + (top - floor) * shape(np.minimum((t - start) / (end - start), 1.0)),
        label=label,
    )
    return (decay, after)


def rex(u: TickArray) -> Rates:
    """The reflected exponential, from 1 at u = 0 to 0 at u = 1: slow at first, steep at the end."""
    z = 1.0 - u
    return z / (0.1 + 0.9 * z)
