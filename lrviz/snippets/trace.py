"""The formula of a curve, and the steps at which it is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.catalogue.names import find
from lrviz.catalogue.own import OWN
from lrviz.engine.breakpoints import beside
from lrviz.engine.distinct import distinct
from lrviz.engine.traced import Traced, UntraceableError
from lrviz.errors import ScheduleError

if TYPE_CHECKING:
    from lrviz.curves.series import Series
    from lrviz.engine.timeline import TickArray, Timeline

EVERY_STEP = 1 << 15
"""Of longer runs so many steps are looked at, and those beside every turn."""
MOST_TURNS = 1 << 12


def steps_of(timeline: Timeline, steps: int) -> TickArray:
    """The steps that tell of a run; all of a short one."""
    if steps <= EVERY_STEP:
        return np.arange(steps, dtype=np.float64)
    found = [np.linspace(0, steps - 1, EVERY_STEP).round()]
    for phase, first, stop in timeline.spans(0, steps):
        found.append(np.array([first, stop - 1.0]))
        listed = [one for one in (phase.shape, *phase.breaks()) if one.count(first, stop) <= MOST_TURNS]
        found += [np.clip(beside(one.positions(first, stop)), first, stop - 1.0) for one in listed]
    return distinct(np.concatenate(found))


def formula_of(row: Series, way_out: str) -> Any:
    """The formula of a curve: a traced value, or one number; ``way_out`` is said where there is none.

    Raises:
        ScheduleError: its values need those before, or it does with its steps what cannot be written down.

    """
    line = row.timeline
    after = [float(row.steps)] if line.end > row.steps else []  # a scheduler is stepped after the last update
    ticks = np.append(steps_of(line, row.steps), after)
    try:
        with np.errstate(all="ignore"):
            return Traced.ticks(ticks).apply(line)
    except UntraceableError as error:
        name = row.run.schedule.id if row.run else row.label
        text = f"{name} cannot be written as a function of the step: {_why(row, error)}"
        raise ScheduleError(text, hint=way_out) from None


def _why(row: Series, error: UntraceableError) -> str:
    """Why a curve has no formula."""
    if row.run and find(row.run.schedule.id).framework is OWN:
        return "code of your own is known by its values alone"
    return (
        "each value needs the one before"
        if row.timeline.walks
        else f"no closed form is known of it ({error})"
    )
