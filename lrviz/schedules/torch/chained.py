"""All at once: ChainedScheduler."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from lrviz.catalogue.group import Group
from lrviz.catalogue.registry import schedule
from lrviz.catalogue.roles import Schedules
from lrviz.engine.chain import Affine, Chainable, Pairs, apply, chained_walk, in_turn
from lrviz.engine.compose import product, scale
from lrviz.engine.timeline import TickArray, Timeline
from lrviz.schedules.torch.shared import Shared, build


@schedule(
    example={
        "schedulers": (
            {"schedule": "ConstantLR", "params": {"factor": 0.1, "total_iters": 20}},
            {"schedule": "ExponentialLR", "params": {"gamma": 0.95}},
        )
    }
)
def ChainedScheduler(group: Group, schedulers: Schedules) -> Chainable:
    """All schedulers step at every tick, in order, each on the LR the ones before left.

    Formula: the fold of their maps; for schedulers that only multiply, the product of their factors.
    Edges: one that computes the LR from its own tick (LambdaLR, CosineAnnealingWarmRestarts, CyclicLR,
    OneCycleLR) overwrites what those before it did.
    Source: torch 2.13.0 ``ChainedScheduler``.

    Raises:
        ScheduleError: no scheduler, a ReduceLROnPlateau, or what a part raises.

    """
    shared = build(group, schedulers, "ChainedScheduler")
    return _chain(shared, group.lr, in_turn(part.first for part in shared.parts))


def _chain(shared: Shared, lr: float, first: Affine) -> Chainable:
    def maps(k: TickArray) -> Pairs:
        return [pair for part in shared.parts for pair in part.maps(k)]

    def again() -> Chainable:
        """An enclosing SequentialLR takes all initial steps back, and steps them once."""
        parts = tuple(part.stepped_again() for part in shared.parts)
        undone = replace(shared, parts=parts)
        return _chain(undone, shared.initial_lr, in_turn(part.first for part in parts))

    start = apply(first, lr)
    timeline = _multiplied(shared, start)
    if timeline is None:
        soonest = min((part.timeline for part in shared.parts), key=lambda timeline: timeline.end)
        phases = [(shared.parts[-1].timeline.phases[0].kind, 0.0, " · ".join(shared.names))]
        timeline = chained_walk(start, maps, phases, end=soonest.end, why=soonest.why)
    multiplies = all(part.multiplies for part in shared.parts)
    entered = "a ChainedScheduler cannot be entered at a milestone of another scheduler"
    return Chainable(timeline, first, maps, entered, shared.initial_lr, again, again, multiplies)


def _multiplied(shared: Shared, start: float) -> Timeline | None:
    """The product of the parts' own curves, where all only multiply and start as they would alone."""
    if not all(part.multiplies and part.timeline.end > 0 for part in shared.parts) or not start:
        return None
    curves = [part.timeline for part in shared.parts]
    alone = math.prod(float(curve(np.zeros(1))[0]) for curve in curves)
    if not alone:
        return None
    curve = scale(product(curves), start / alone)
    name = " · ".join(shared.names)
    return replace(curve, phases=tuple(replace(phase, label=name) for phase in curve.phases))
