"""What may have happened at a step: up to there a log is as planned, or from there on."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from lrviz.compare.log import models, own_numbers
from lrviz.compare.log.log_cause import LogCause
from lrviz.compare.log.log_rows import LogCase
from lrviz.compare.log.search import factor_of, seek
from lrviz.compare.log.whole import LONGEST, Found, cause_of, first_match

if TYPE_CHECKING:
    from lrviz.compare.log.log_rows import Rows
    from lrviz.compare.log.planned import Plan
    from lrviz.compare.log.search import Model, Numbers

Supposition = Callable[..., "Found | None"]
FEWEST = 3
"""Rows that differ before a number found in them explains the others."""
MOST_LATE = 1 << 12
"""Updates that a scheduler may have stood still in all."""
MOST_PIECES = 8
"""Places where it stood still that are named one by one."""
ROWS_EACH = 4
"""Rows, on an average, for each number of updates that it was late by."""
MOST_LOOKED_AT = 1 << 20
"""Rows, times the updates they may be late by, that are looked at in one go."""
MOST_RESTARTS = 16
MOST_STARTS = 1 << 8
"""Steps between two rows at which a restart is tried."""
FEW_TIMES = range(2, 17)
"""Times as fast as planned that a run may go on."""


def from_a_step_on(suppose: Callable[[LogCase, int], LogCause | None]) -> Supposition:
    """What is supposed of the rows from the first on that differs, which is not the first of all."""

    def supposed(case: LogCase, *, free: bool) -> Found | None:
        first = int(case.differing[0])
        if free or not first or len(case.rows) - first < FEWEST:
            return None
        cause = suppose(case, first)
        return None if cause is None else Found((cause,))

    return supposed


@from_a_step_on
def anew(case: LogCase, first: int) -> LogCause | None:
    """The plan from its beginning."""
    rows = case.rows
    match = seek(models.anew(case.plan), int(rows.ticks[first - 1]) + 1, int(rows.ticks[first]), rows[first:])
    return match and cause_of("anew", None, match, match.number)


def restarts(case: LogCase, *, free: bool) -> Found | None:
    """The plan from its beginning, several times."""
    causes: list[LogCause] = []
    rows, wrong = case.rows, int(case.differing[0])
    while not free and len(causes) < MOST_RESTARTS:
        first, rows = wrong, rows[max(wrong - 1, 0) :]
        begun = _begun(case.plan, rows) if first else None
        if begun is None:
            return None
        start, wrong = begun
        causes.append(LogCause("anew", None, start, start))
        if wrong == len(rows):
            return Found(tuple(causes)) if len(causes) > 1 else None
    return None


def _begun(plan: Plan, rows: Rows) -> tuple[int, int] | None:
    """Where behind the first row the plan begins anew, and the first row from there on that does not."""
    low, high = int(rows.ticks[0]) + 1, int(rows.ticks[1])
    model, best = models.anew(plan), (0, 0)
    for start in np.linspace(low, high, min(high - low + 1, MOST_STARTS)).round():
        other = rows[1:].differing(model(rows[1:].ticks, start))
        best = max(best, (1 + int(other[0]) if other.size else len(rows), int(start)))
    wrong, start = best
    return (start, wrong) if wrong > FEWEST else None


def late(case: LogCase, *, free: bool) -> Found | None:
    """It stood still for some updates, at once or by and by."""
    first = int(case.differing[0])
    rest = case.rows[first:]
    if free or len(rest) < FEWEST:
        return None
    before = int(case.rows.ticks[first - 1]) if first else 0
    pieces = _pieces_late(case.plan, before, rest)
    if len(pieces) > MOST_PIECES:  # all in all
        pieces = [(pieces[0][0], pieces[-1][1])]
    lags = [0, *(lag for _, lag in pieces)]
    at = [int(rest.ticks[0]) if first else None, *(tick for tick, _ in pieces[1:])]
    causes = (LogCause("late", lags[i], lags[i + 1], at[i]) for i in range(len(pieces)))
    return Found(tuple(causes)) if pieces else None


def _pieces_late(plan: Plan, before: int, rows: Rows) -> list[tuple[int, int]]:
    """From which tick on the rows are late by how many updates, more each time; nothing where they are not.

    At the tick before them it is as planned; between two no more updates can be skipped than there are.
    """
    gaps = np.diff(rows.ticks, prepend=before).astype(int)
    pieces: list[tuple[int, int]] = []
    most, place, lag, stands = max(len(rows) // ROWS_EACH, 1), 0, 0, 0
    while place < len(rows):
        later = np.arange(float(lag + 1), min(lag + gaps[place], MOST_LATE) + 1.0)
        count, lag = _farthest(plan, rows[place:], later)
        if not count or len(pieces) == most:
            return []
        at = int(rows.ticks[place])
        at, stands = (pieces.pop()[0] if pieces and at - lag == stands else at), at - lag  # still there
        pieces.append((at, lag))
        place += count
    return pieces if len(pieces) == 1 or _tell_updates(plan, rows) else []


def _farthest(plan: Plan, rows: Rows, lags: Numbers) -> tuple[int, int]:
    """How many of the first rows are late by the same number of updates, and the least such number."""
    count, looked_at = 0, FEWEST
    while lags.size and count < len(rows):
        looked_at = min(2 * looked_at, max(MOST_LOOKED_AT // lags.size, 1))
        some = rows[count : count + looked_at]
        differs = ~(np.abs(plan(np.maximum(some.ticks - lags[:, None], 0)) - some.values) <= some.slack)
        counts = np.where(differs.any(axis=1), differs.argmax(axis=1), len(some))
        count, lags = count + int(counts.max()), lags[counts == counts.max()]
        if counts.max() < len(some):
            break
    return count, int(lags[0]) if lags.size else 0


def _tell_updates(plan: Plan, rows: Rows) -> bool:
    """Whether most rows tell one update from the next, and from half of one."""
    apart = np.abs(plan(rows.ticks) - plan(np.maximum(rows.ticks - 1, 0)))
    return bool(np.median(apart - 4 * rows.slack) > 0)


@from_a_step_on
def ahead(case: LogCase, first: int) -> LogCause | None:
    """It jumped ahead."""
    match = seek(models.early(case.plan), 1, case.plan.total, case.rows[first:])
    return match and cause_of("ahead", 0, match, int(case.rows.ticks[first]))


@from_a_step_on
def behind(case: LogCase, first: int) -> LogCause | None:
    """It was set back, by more updates than it could have stood still for."""
    before, at = (int(tick) for tick in case.rows.ticks[first - 1 : first + 1])
    match = seek(models.late(case.plan), 1, before, case.rows[first:])
    if match and match.number == before:  # a log that reads it later has the old one there
        return LogCause("anew", None, before, before)
    return match and cause_of("behind", 0, match, at)


@from_a_step_on
def resumed(case: LogCase, first: int) -> LogCause | None:
    """The plan of another length."""
    rows = case.rows
    cause = _of_length("resumed", case.plan, rows[first:], int(rows.ticks[first]))
    if cause is None or _of_length("resumed", case.plan, rows, 0):
        return None  # it was so from 0 on
    return cause


@from_a_step_on
def warmup(case: LogCase, first: int) -> LogCause | None:
    """The plan with another warmup, which may begin to rise again."""
    plan, rows = case.plan, case.rows[first:]
    match = first_match(models.warmups(plan), (0, plan.total), rows, plan.warm, free=False)
    if match is None or (match.number <= rows.ticks[0] and _is_moved(plan, rows, match.number - plan.warm)):
        return None
    return cause_of("warmup", plan.warm, match, int(rows.ticks[0]))


def _is_moved(plan: Plan, rows: Rows, by: int) -> bool:
    """Whether rows behind every warmup are those of the plan, moved by so many updates."""
    return not rows.differing(plan(rows.ticks - by)).size


def another(case: LogCase, *, free: bool) -> Found | None:
    """The plan with another number in its schedule."""
    first = int(case.differing[0])
    if free or not first:
        return None
    at, own = int(case.rows.ticks[first]), (one for one in case.plan.varied if not one.parameter.is_base_lr)
    return own_numbers.another(own, case.rows[first:], free=False, at=at)


def base_lr(case: LogCase, *, free: bool) -> Found | None:
    """The plan with another base LR, where some value is no share of it."""
    first = int(case.differing[0])
    rest = LogCase(case.plan, case.rows[first:])
    return own_numbers.base_lr(rest, free=free, at=int(rest.rows.ticks[0])) if first else None


@from_a_step_on
def peak(case: LogCase, first: int) -> LogCause | None:
    """All values times a number."""
    factor, top = factor_of(case.planned[first:], case.rows[first:]), case.plan.top
    return None if factor is None else LogCause("peak", top, top * factor, int(case.rows.ticks[first]))


@from_a_step_on
def still(case: LogCase, first: int) -> LogCause | None:
    """One value."""
    value = factor_of(np.ones(len(case.rows) - first), case.rows[first:])
    return None if value is None else LogCause("flat", None, value, int(case.rows.ticks[first]))


@from_a_step_on
def faster(case: LogCase, first: int) -> LogCause | None:
    """Stepped several times in an update."""
    low, high = int(case.rows.ticks[first - 1]), int(case.rows.ticks[first])
    for times in FEW_TIMES:
        if seek(_faster_since(case.plan, times), low, high, case.rows[first:]) is not None:
            return LogCause("speed", 1, times, high)
    return None


def _faster_since(plan: Plan, times: int) -> Model:
    return models.on_clock(plan, lambda t, start: np.where(t < start, t, start + times * (t - start)))


def before(case: LogCase, *, free: bool) -> Found | None:
    """As planned from a step on, and the plan of another length up to there."""
    last = int(case.differing[-1])
    if free or last + FEWEST >= len(case.rows) or last + 1 < FEWEST:
        return None
    cause = _of_length("before", case.plan, case.rows[: last + 1], int(case.rows.ticks[last]))
    return None if cause is None else Found((cause,))


def _of_length(name: str, plan: Plan, rows: Rows, at: int) -> LogCause | None:
    if not plan.has_length:
        return None
    choices = chain(models.totals(plan, plan.warm), models.stretched(plan))
    match = first_match(choices, (2, LONGEST * plan.total), rows, plan.total, free=False)
    return match and cause_of(name, plan.total, match, at)
