"""Whether a framework's own constructor makes a curve by itself, and how often it is stepped then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.catalogue import build
from lrviz.catalogue.names import find
from lrviz.engine.compose import hold
from lrviz.errors import LrvizError
from lrviz.snippets.trace import steps_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lrviz.catalogue.registry import Entry
    from lrviz.catalogue.schedule import Schedule
    from lrviz.curves.series import Series
    from lrviz.engine.timeline import Timeline
    from lrviz.resolve.resolved import Resolved


@dataclass(frozen=True)
class OwnCall:
    """A schedule of the catalogue with the arguments of its constructor.

    ``epoch``: it is stepped once per epoch of so many updates; None is after every update. ``flat`` are the
    values of one that moves on a metric, with a metric that stays at 1; None where it moves on none.
    ``stops``: its step after the last update raises.
    """

    entry: Entry
    params: Mapping[str, Any]
    lrs: tuple[float, ...]
    epoch: int | None = None
    flat: tuple[Timeline, ...] | None = None
    stops: bool = False


def is_driven(rows: Sequence[Series]) -> bool:
    """Whether the curves move on a metric, recorded or made up."""
    run = rows[0].run
    if run is None:
        return False
    return run.metrics is not None or any(one.id == "synthetic-metric" for one in run.findings)


def driven_call(rows: Sequence[Series]) -> OwnCall | None:
    """The constructor of one that moves on a metric."""
    run = rows[0].run
    if run is None or run.clock is None or run.clock.pace is not None:
        return None
    entry, epoch = find(run.schedule.id), run.clock.epoch if run.clock.interval == "epoch" else None
    schedule = _alone(entry, run, [1.0] * rows[0].steps)
    if schedule is None or len(schedule.groups) != len(rows):
        return None
    flat = tuple(hold(group["lr"], epoch) if epoch else group["lr"] for group in schedule.groups)
    return OwnCall(entry, run.params, run.lrs, epoch, flat)


def own_call(rows: Sequence[Series]) -> OwnCall | None:
    """The constructor that makes these curves; None where a trainer or a run adds to it."""
    run = rows[0].run
    if run is None:
        return None
    entry = find(run.schedule.id)
    schedule = _alone(entry, run)
    if schedule is None or len(schedule.groups) != len(rows):
        return None
    found = (epoch for epoch in _epochs(run) if _makes(schedule, rows, epoch))
    return next(
        (OwnCall(entry, run.params, run.lrs, epoch, stops=_stops(schedule, rows, epoch)) for epoch in found),
        None,
    )


def _stops(schedule: Schedule, rows: Sequence[Series], epoch: int | None) -> bool:
    """Whether it ends with the run, and is not to be stepped once more."""
    return any(group["lr"].end <= -(-rows[0].steps // (epoch or 1)) for group in schedule.groups)


def _alone(entry: Entry, run: Resolved, metrics: Sequence[float] | None = None) -> Schedule | None:
    """The schedule as its constructor makes it, on an optimizer with these LRs."""
    lr = run.lrs if len(run.lrs) > 1 else run.lrs[0]
    try:
        return build.schedule(entry.id, run.params, lr=lr if entry.takes_group else None, metrics=metrics)
    except LrvizError:
        return None


def _epochs(run: Resolved) -> Iterator[int | None]:
    """How often it may be stepped."""
    yield None
    if run.plan.epoch is not None and run.plan.epoch.denominator == 1:
        yield int(run.plan.epoch)


def _makes(schedule: Schedule, rows: Sequence[Series], epoch: int | None) -> bool:
    try:
        for group, row in zip(schedule.groups, rows, strict=True):
            steps = steps_of(row.timeline, row.steps)
            ticks = steps if epoch is None else steps // epoch
            if not np.array_equal(group["lr"](ticks), row.timeline(steps), equal_nan=True):
                return False
    except LrvizError:
        return False
    return True
