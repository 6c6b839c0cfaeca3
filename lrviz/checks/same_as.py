"""``same as``: a curve against a schedule in the same run, or against values kept in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lrviz.checks.measures import updates_of, value_at
from lrviz.checks.verdict import Verdict, no, yes
from lrviz.curves.read import run_beside
from lrviz.curves.series import series_of
from lrviz.engine.changes import alike, first_apart
from lrviz.errors import ScheduleError
from lrviz.inputs.baseline import read_baseline
from lrviz.inputs.words import is_config
from lrviz.notation.numbers import counted, distinct_texts

if TYPE_CHECKING:
    from lrviz.curves.series import Series
    from lrviz.notation.expectation import SameAs

SAME = 1e-12
"""Values no further apart than this share of the greater peak are the same."""


def judge_same(claim: SameAs, row: Series) -> Verdict:
    """Whether a curve has the values of what is named, at every step that has one there.

    Raises:
        LrvizError: that cannot be read, or makes no curve in this run.

    """
    if is_config(claim.reference):
        return _same_as_file(claim.reference, row)
    return _same_as_series(_reference(claim.reference, row), row)


def _same_as_file(path: str, row: Series) -> Verdict:
    kept = read_baseline(path)
    if kept.total_steps != row.steps:
        return no(_lengths(row.steps, kept.total_steps))
    there = kept.column(row.label)
    try:
        here = row.timeline(kept.steps)
    except ScheduleError as error:
        return no(error.message, error.step)
    slack = SAME * float(np.nanmax(np.abs(there), initial=0.0))
    apart = np.flatnonzero(~alike(here, there, slack))
    if not apart.size:
        return yes(f"no value of {kept.steps.size} differs")
    return _apart(int(kept.steps[apart[0]]), float(here[apart[0]]), float(there[apart[0]]))


def _same_as_series(other: Series, row: Series) -> Verdict:
    if other.steps != row.steps:
        return no(_lengths(row.steps, other.steps))
    here, there = updates_of(row), updates_of(other)
    slack = SAME * max(abs(row.facts.peak), abs(other.facts.peak))
    step = first_apart(row.timeline, other.timeline, 0, min(here, there), slack)
    if step is not None:
        return _apart(step, value_at(row, step), value_at(other, step))
    if here != there:
        stop = min(here, there)
        return no(f"{'it' if here == stop else 'the other'} stops at step {stop}", stop)
    return yes(f"no value of {here} differs")


def _reference(spec: str, row: Series) -> Series:
    """A schedule in the run of a curve, the param group that is the curve's own."""
    if row.run is None:
        raise ScheduleError(
            "what was recorded has no run of its own", hint="compare it with a file of values"
        )
    found = list(series_of([run_beside(spec, row.run)], "lr"))
    return found[min(row.index, len(found) - 1)]


def _apart(step: int, here: float, there: float) -> Verdict:
    mine, other = distinct_texts(here, there)
    return no(f"{mine} at step {step}, not {other}", step)


def _lengths(here: int, there: int) -> str:
    return f"{counted(here, 'step')}, not {there}"
