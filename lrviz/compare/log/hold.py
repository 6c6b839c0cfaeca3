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
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from lrviz.compare.difference import Measure
    from lrviz.compare.track import Track
    from lrviz.engine.apart import Apart
    from lrviz.engine.envelope import Whole
    from lrviz.engine.timeline import Rates
    from lrviz.inputs.logs.log import LogColumn, Offset

SINGLE, DOUBLE = 2.0**-24, 2.0**-48
"""Shares of a value that a float32 rounds, and more than a float64 does."""
AGAIN = 16
"""Times that much for a float32 made of the one before, as by a Keras callback in every epoch."""
AT_TOP = 4
"""Times that much of the peak where a float32 is a difference of such: backends have another cosine."""
SEEN = 1 << 10
"""Steps that tell whether a plan is computed in float32."""
EPOCHS = 1 << 10
"""Epochs that are looked at."""
OF_ITS_LENGTH = {"peak", "floor", "shift", "late", "behind", "flat", "word"}
"""Causes that leave the length of a run as it was planned."""
TRIED = (0, -1, 1)
"""Offsets that a log may have, be it as somebody writes it or not."""


def hold(planned: Track, log: Track, column: LogColumn, measure: Measure) -> LogDifference:
    """Hold a log against its plan.

    Raises:
        ScheduleError: it has no row that the plan could have.

    """
    slack = measure.slack(planned, replace(log, column=None))  # each row is rounded on its own
    plan, usual = Plan.of(planned), conventions(column, planned)
    rows = Rows(column.x, column.values, slack + _rounding(column, plan))
    shifts = tuple(dict.fromkeys(one.shift for one in usual))
    found = _fitted(plan, rows.finite, shifts, EXACT * abs(log.top))
    past = rows.past(plan.end - shifts[0])
    if 0 < past < len(rows) and (found is None or all(cause.id in OF_ITS_LENGTH for cause in found.causes)):
        whole, rows = rows, rows[: len(rows) - past]
        found = found or _fitted(plan, rows.finite, shifts, EXACT * abs(log.top))
        after = _after(whole[len(rows) :], plan)
    else:
        after = ""
    if found is not None and column.unit == "epoch":
        found = _of_epochs(found, rows.last, plan.total)
    fitted = Fitted(shifts[0]) if found is None else _with_lost(found, rows)
    judged = rows.at(fitted.offset)
    if not len(judged):
        raise ScheduleError(f"{log.label} has no row of a step of the plan", hint="count steps from 0")
    steps = judged.ticks.astype(np.int64)
    case = Case(planned, _moved(log, fitted.offset, steps), _apart(plan, judged), slack, steps)
    return LogDifference(case, measure, (planned.steps, None), fitted=fitted, usual=usual, after=after)


def _after(rows: Rows, plan: Plan) -> str:
    """What a log does behind the end of its plan."""
    low, high = lr_text(float(np.nanmin(rows.values))), lr_text(float(np.nanmax(rows.values)))
    does = f"stay at {low}" if low == high else f"are between {low} and {high}"
    where = f"its plan ends at step {plan.end}"
    return f"{where}, and it goes on: rows {rows.ticks[0]:.0f} to {rows.last} {does}"


def _rounding(column: LogColumn, plan: Plan) -> Rates:
    """How far each value may be from what was used; what has few digits may have been a float32."""
    sizes = np.abs(column.values)
    of_top = AT_TOP * abs(plan.top) if _is_single(plan) else 0.0
    single = SINGLE * AGAIN * sizes + SINGLE * of_top
    return column.least + np.where(column.least > DOUBLE * sizes, single, 0.0)


def _is_single(plan: Plan) -> bool:
    """Whether its framework computes it in float32."""
    values = plan(np.arange(float(min(plan.total, SEEN))))
    return bool(np.all(values.astype(np.float32) == values))


def conventions(column: LogColumn, planned: Track) -> tuple[Offset, ...]:
    """Who may have written a column so; what is a step ahead may be a scheduler stepped too soon as well.

    So may what is an epoch ahead of a plan that is stepped once in an epoch.
    """
    clock = planned.run.clock if planned.run else None
    may_be_epochs = _moves_in_an_epoch(planned) or bool(clock and planned.epoch and clock.holds is None)
    return tuple(one for one in column.offsets if one != NEXT and (may_be_epochs or not one.in_epochs))


def _moves_in_an_epoch(planned: Track) -> bool:
    if not planned.epoch:
        return False
    epochs = planned.steps_in(0, planned.ran // planned.epoch, EPOCHS)
    begins = (epochs * planned.epoch).astype(float)
    return bool(np.any(planned.timeline(begins) != planned.timeline(begins + planned.epoch - 1)))


def _fitted(plan: Plan, rows: Rows, usual: tuple[int, ...], exact: float) -> Fitted | None:
    """The offset that makes all rows equal, a usual one before the others; or what explains them, if any."""
    tried = tuple(dict.fromkeys((*usual, *TRIED)))
    for offset in tried:
        moved = rows.at(offset)
        if not moved.differing(plan(moved.ticks)).size:
            is_usual = offset in usual
            return Fitted(offset) if is_usual else Fitted(usual[0], (LogCause("shift", usual[0], offset),))
    near = replace(rows, slack=rows.slack + exact)
    fewest = min(near.at(offset).differing(plan(near.at(offset).ticks)).size for offset in usual)
    others = (one for one in tried if one not in usual)
    nearer = [one for one in others if near.at(one).differing(plan(near.at(one).ticks)).size <= fewest]
    for offsets in (usual, nearer):
        found = explain(plan, near, offsets)
        if found is not None:
            return found
    return None


def _with_lost(fitted: Fitted, rows: Rows) -> Fitted:
    """Beside what explains all others, the rows that are no number, which no plan has."""
    lost = rows[~np.isfinite(rows.values)].at(fitted.offset)
    if not len(lost):
        return fitted
    cause = LogCause("not_finite", None, len(lost), int(lost.ticks[0]))
    return fitted._replace(causes=(*fitted.causes, cause))


def _of_epochs(fitted: Fitted, last: int, total: int) -> Fitted:
    """What looks too fast is none where rows of epochs are that many steps apart, inside the run."""
    one, *more = fitted.causes or (None,)
    if one is None or more or one.id != "speed" or last * (one.there or 1) >= total:
        return fitted
    return fitted._replace(causes=(one._replace(id="epochs", here=None),), others=())


def _apart(plan: Plan, rows: Rows) -> Apart:
    """Which rows are not the plan's."""
    with np.errstate(all="ignore"):
        far = np.abs(rows.values - plan(rows.ticks))
    far = np.where(np.isnan(far), np.inf, far)
    return stretches(rows.ticks.astype(np.int64), ~(far <= rows.slack), lambda _: far)


def _moved(log: Track, offset: int, steps: Whole) -> Track:
    """The log with each row at the step that it is about."""
    line = log.timeline
    if offset > 0:
        line = join([Timeline((constant(np.nan, kind="hold"),)), line], [offset])
    line = ahead(line, max(-offset, 0))
    return replace(log, timeline=line, ran=log.ran + offset, top_at=log.top_at + offset, known=steps)
