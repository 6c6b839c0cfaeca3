"""lrviz's own warmup in front of a schedule that has none."""

from __future__ import annotations

import numpy as np

from lrviz.compose import join
from lrviz.timeline import Phase, Timeline, constant


def in_front(timeline: Timeline, steps: int, start: float = 0.0) -> Timeline:
    """A straight ramp from ``start`` to the schedule's first value over ``steps``, then the schedule.

    The schedule counts from its own 0, so whatever it counts lands ``steps`` later.
    """
    goal = float(timeline(np.zeros(1))[0])
    ramp = Phase("warmup", 0.0, lambda t: start + (goal - start) * (t / steps))
    return join([Timeline((ramp,)), timeline], [steps])


def held_in_front(timeline: Timeline, steps: int) -> Timeline:
    """Another quantity under the same warmup: its first value until the schedule starts."""
    goal = float(timeline(np.zeros(1))[0])
    return join([Timeline((constant(goal, name="warmup"),)), timeline], [steps])
