"""What several papers' schedules share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lrviz.engine.breakpoints import Listed
from lrviz.engine.timeline import Phase, TickArray
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.checks import not_negative

if TYPE_CHECKING:
    from collections.abc import Sequence


def ramp(lr: float, warmup: float, ahead: float = 0.0) -> tuple[Phase, ...]:
    """The straight line through 0 to ``lr``, there ``ahead`` of ``warmup``; nothing without a warmup."""
    return (Phase("warmup", 0.0, lambda t: lr * ((t + ahead) / warmup)),) if warmup > 0 else ()


def staircase(lr: float, places: Sequence[float], levels: Sequence[float], start: float) -> Phase:
    """``lr`` times the level of the last place passed, 1 before the first."""
    factors = np.array([1.0, *levels])
    at = tuple(float(place) for place in places)
    return Phase(
        "decay",
        start,
        lambda t: lr * factors[np.searchsorted(np.array(at), t, side="right")],
        Listed(at, jumps=True),
        label="step",
    )


def drops(lr: float, milestones: Sequence[float], gamma: float, start: float) -> Phase:
    """``lr`` times ``gamma`` for each milestone passed."""
    return staircase(lr, sorted(milestones), [gamma ** (i + 1) for i in range(len(milestones))], start)


def share(total: float, fraction: float) -> float:
    """A part of the run as the real number that is meant: 0.29 of 100 is 29, in float64 a little less."""
    product = total * fraction
    return float(round(product)) if abs(product - round(product)) < 1e-9 else product


def done(t: TickArray, start: float, length: float) -> TickArray:
    """The part of a stretch that is done, 1 after its end; one of no length is done at once."""
    return np.minimum((t - start) / length, 1.0) if length > 0 else np.ones(t.shape)


def fits(schedule: str, total: float, **stretches: float) -> None:
    """Refuse stretches of the run that are negative or together longer than it.

    Raises:
        ScheduleError: with what they sum up to.

    """
    not_negative(schedule, **stretches)
    if sum(stretches.values()) > total:
        parts = " + ".join(f"{name} {ticks}" for name, ticks in stretches.items())
        raise ScheduleError(
            f"{schedule}: a run of {total} steps has no room for {parts}", hint="make one of them shorter"
        )
