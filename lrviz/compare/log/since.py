"""What may have happened at a step: up to there a log is as planned, or from there on."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from lrviz.compare.log import models
from lrviz.compare.log.cause import LogCause
from lrviz.compare.log.search import factor_of, seek
from lrviz.compare.log.whole import FASTEST, FEWEST, LONGEST, Found, cause_of, first_match, one_cause

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lrviz.compare.log.plan import Plan
    from lrviz.compare.log.rows import Rows
    from lrviz.compare.log.search import Model

    Supposition = Callable[..., Found | None]

MOST_LATE = 1 << 12
"""Updates that a scheduler may have stood still in all."""
FEW_TIMES = range(2, 17)
"""Times as fast as planned that a run may go on."""


def from_a_step_on(suppose: Callable[[Plan, Rows, int], Found | None]) -> Supposition:
    """What is supposed of the rows from the first on that differs."""

    def supposed(plan: Plan, rows: Rows, *, free: bool = False) -> Found | None:
        differing = rows.differing(plan(rows.ticks))
        if free or not differing.size or not differing[0] or len(rows) - differing[0] < FEWEST:
            return None
        return suppose(plan, rows, int(differing[0]))

    return supposed


@from_a_step_on
def anew(plan: Plan, rows: Rows, first: int) -> Found | None:
    """The plan from its beginning."""
    low, high = int(rows.ticks[first - 1]) + 1, int(rows.ticks[first])
    match = seek(models.anew(plan), low, high, rows[first:])
    return match and one_cause("anew", None, match, match.number)


@from_a_step_on
def late(plan: Plan, rows: Rows, first: int) -> Found | None:
    """It stood still for some updates, at once or by and by."""
    rest = rows[first:]
    most = min(MOST_LATE, int(rows.ticks[first - 1]))
    match = seek(models.late(plan), 1, most, rest[len(rest) // 2 :])
    if match is None:
        return None
    at = int(rest.ticks[0])
    for by in dict.fromkeys((match.least, match.number)):
        if _falls_behind(plan, rest, by):
            return Found((LogCause("late", 0, by, at),))
    return None


def _falls_behind(plan: Plan, rows: Rows, by: int) -> bool:
    """Whether each row is late by as many updates as the one before or more, and all but a few by ``by``."""
    other = rows.differing(plan(np.maximum(rows.ticks - by, 0)))
    if not other.size:
        return True
    last = int(other[-1]) + 1
    if last > max(4 * by, len(rows) // 2):
        return False
    lags = np.arange(by + 1.0)
    values = plan(np.maximum(rows.ticks[:last, None] - lags, 0))
    fits = np.abs(values - rows.values[:last, None]) <= rows.slack[:last, None]
    behind = 0
    for row in fits:
        following = np.flatnonzero(row[behind:])
        if not following.size:
            return False
        behind += int(following[0])
    return True


@from_a_step_on
def ahead(plan: Plan, rows: Rows, first: int) -> Found | None:
    """It jumped ahead."""
    match = seek(models.early(plan), 1, plan.total, rows[first:])
    return match and one_cause("ahead", 0, match, int(rows.ticks[first]))


@from_a_step_on
def resumed(plan: Plan, rows: Rows, first: int) -> Found | None:
    """The plan of another length, or with another warmup."""
    return _of_length("resumed", plan, rows[first:], int(rows.ticks[first]))


@from_a_step_on
def peak(plan: Plan, rows: Rows, first: int) -> Found | None:
    """All values times a number."""
    factor = factor_of(plan(rows.ticks[first:]), rows[first:])
    at = int(rows.ticks[first])
    return None if factor is None else Found((LogCause("peak", plan.top, plan.top * factor, at),))


@from_a_step_on
def still(_: Plan, rows: Rows, first: int) -> Found | None:
    """One value."""
    value = factor_of(np.ones(len(rows) - first), rows[first:])
    return None if value is None else Found((LogCause("flat", None, value, int(rows.ticks[first])),))


@from_a_step_on
def faster(plan: Plan, rows: Rows, first: int) -> Found | None:
    """Stepped several times in an update."""
    low, high = int(rows.ticks[first - 1]), int(rows.ticks[first])
    for times in FEW_TIMES:
        match = seek(_faster_since(plan, times), low, high, rows[first:])
        if match is not None:
            return Found((LogCause("speed", 1, times, high),))
    return None


def _faster_since(plan: Plan, times: int) -> Model:
    return models.on_clock(plan, lambda t, start: np.where(t < start, t, start + times * (t - start)))


def before(plan: Plan, rows: Rows, *, free: bool = False) -> Found | None:
    """As planned from a step on, and the plan of another length up to there."""
    differing = rows.differing(plan(rows.ticks))
    if free or not differing.size or differing[-1] + FEWEST >= len(rows) or differing[-1] + 1 < FEWEST:
        return None
    last = int(differing[-1])
    return _of_length("before", plan, rows[: last + 1], int(rows.ticks[last]))


def _of_length(name: str, plan: Plan, rows: Rows, at: int) -> Found | None:
    choices: Iterator[Model] = chain(models.totals(plan), models.stretched(plan))
    match = first_match(choices, 2, LONGEST * plan.total, rows, plan.total, free=False)
    return match and Found((cause_of(name, plan.total, match, at),))
