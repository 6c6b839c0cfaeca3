"""The warmup that mmdet adds to mmengine's schedulers, for its YOLOX."""

from __future__ import annotations

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.engine.chain import Chainable, Pairs
from lrviz.engine.timeline import Phase, TickArray, Timeline
from lrviz.errors import ScheduleError
from lrviz.schedules.mmengine.window import FOREVER, Window


@schedule(example={"begin": 0, "end": 20, "by_epoch": False})
def QuadraticWarmupLR(group: Group, *, window: Window) -> Chainable:
    """A warmup that rises with the square of the step over the window.

    Formula: lr = B ((k + 1) / N)^2, N = end - begin.
    Edges: it starts at B / N^2 whatever it finds, and then adds B (2 k + 1) / N^2 to that at each step. B is
    reached at end - 1. Other schedulers before its end change what it adds to.
    Source: mmengine 0.10.7 ``_ParamScheduler``, as mmdet 3.3.0 ``QuadraticWarmupLR`` does it.

    Raises:
        ScheduleError: an empty window, or one without an end.

    """
    place = window.place()
    if place.end >= FOREVER:
        raise ScheduleError(
            f"QuadraticWarmupLR: end must be below {FOREVER}, got {place.end:.0f}", hint="begin=0,end=100"
        )
    B, N = group.lr, place.end - place.begin

    def maps(k: TickArray) -> Pairs:
        return [(np.where(k == 0, 0.0, 1.0), B * (2.0 * k + 1.0) / N**2)]

    phase = Phase("warmup", 0.0, lambda k: B * ((k + 1.0) / N) ** 2, label="quadratic")
    return place.part(group, Timeline((phase,)), maps)
