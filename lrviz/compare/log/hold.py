"""A log held against its plan: equal within its own precision behind its writer's offset, or why not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lrviz.compare.case import EXACT, Case
from lrviz.compare.log.explain import explain
from lrviz.compare.log.log_cause import LogCause
from lrviz.compare.log.log_difference import Fitted, LogDifference
from lrviz.compare.log.log_rows import Rows
from lrviz.compare.log.planned import Plan
from lrviz.engine.apart import stretches
from lrviz.engine.compose import ahead, join
from lrviz.engine.timeline import Timeline, constant
from lrviz.errors import ScheduleError
from lrviz.inputs.logs.log import NEXT

if TYPE_CHECKING:
    from lrviz.compare.difference import Measure
    from lrviz.compare.track import Track
    from lrviz.engine.timeline import Rates
    from lrviz.inputs.logs.log import LogColumn, Offset

SINGLE, DOUBLE = 2.0**-24, 2.0**-48
"""Shares of a value that a float32 rounds, and more than a float64 does."""
TRIED = (0, -1, 1)
"""Offsets that a log may have, be it as somebody writes it or not."""


def hold(planned: Track, log: Track, column: LogColumn, measure: Measure) -> LogDifference:
    """Hold a log against its plan.

    Raises:
        ScheduleError: it has no row that the plan could have.

    """
    slack = measure.slack(planned, replace(log, column=None))  # each row is rounded on its own
    rows = Rows(column.x, column.values, slack + _rounding(column))
    plan, usual = Plan.of(planned), conventions(column)
    fitted = _fitted(plan, rows, tuple(dict.fromkeys(one.shift for one in usual)), EXACT * abs(log.top))
    case = _case(planned, log, rows.at(fitted.offset), fitted.offset, slack)
    return LogDifference(case, measure, (planned.steps, None), fitted=fitted, usual=usual)


def _rounding(column: LogColumn) -> Rates:
    """How far each value may be from what was used; what has few digits may have been a float32."""
    sizes = np.abs(column.values)
    return column.least + np.where(column.least > DOUBLE * sizes, SINGLE * sizes, 0.0)


def conventions(column: LogColumn) -> tuple[Offset, ...]:
    """Who may have written a column so; what is a step ahead may be a scheduler stepped too soon as well."""
    return tuple(offset for offset in column.offsets if offset != NEXT)


def _fitted(plan: Plan, rows: Rows, usual: tuple[int, ...], exact: float) -> Fitted:
    """The offset that makes all rows equal, a usual one before the others; or else what explains them."""
    tried = tuple(dict.fromkeys((*usual, *TRIED)))
    for offset in tried:
        moved = rows.at(offset)
        if not moved.differing(plan(moved.ticks)).size:
            is_usual = offset in usual
            return Fitted(offset) if is_usual else Fitted(usual[0], (LogCause("shift", usual[0], offset),))
    near = replace(rows, slack=rows.slack + exact)
    for offsets in (usual, tried[len(usual) :]):
        found = explain(plan, near, offsets)
        if found is not None:
            return found
    return Fitted(usual[0])


def _case(planned: Track, log: Track, rows: Rows, offset: int, slack: float) -> Case:
    """The rows that the plan could have, and which differ; the plan's steps become those of the log."""
    if not len(rows):
        raise ScheduleError(f"{log.label} has no row of a step of the plan", hint="count steps from 0")
    with np.errstate(all="ignore"):
        far = np.abs(rows.values - Plan.of(planned)(rows.ticks))
    far = np.where(np.isnan(far), np.inf, far)
    steps = (rows.ticks - offset).astype(np.int64)
    found = stretches(steps, ~(far <= rows.slack), lambda _: far)
    return Case(replace(planned, timeline=_moved(planned.timeline, offset)), log, found, slack, steps)


def _moved(line: Timeline, offset: int) -> Timeline:
    """The plan in steps of the log; before its first tick it waits there."""
    if offset >= 0:
        return ahead(line, offset)
    first = float(line(np.zeros(1))[0])
    return join([Timeline((constant(first, kind="hold"),)), line], [-offset])
