"""What may be otherwise in the whole of a log: one number, found in its rows, maybe beside another peak."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lrviz.compare.log import models
from lrviz.compare.log.log_cause import LogCause
from lrviz.compare.log.log_rows import Rows
from lrviz.compare.log.search import factor_bounds, factor_of, seek, simplest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lrviz.compare.log.log_rows import LogCase
    from lrviz.compare.log.search import Match, Model

FASTEST = 1024
"""Times as fast as planned that a scheduler may be stepped."""
LONGEST = 64
"""Times as long as planned that a run may be."""
WARMUPS = 16
"""Lengths of a warmup that are tried, where the rows in it do not tell it exactly."""


class Found(NamedTuple):
    """What explains all rows, beside a factor."""

    causes: tuple[LogCause, ...]
    factor: float = 1.0


def cause_of(name: str, here: float | None, match: Match, at: int | None = None) -> LogCause:
    """A number found, and beside it those that would do as well."""
    several = (match.least, match.most) if match.least < match.most else (None, None)
    return LogCause(name, here, match.number, at, *several)


def found_by(name: str, here: float | None, match: Match | None) -> Found | None:
    """A number that explains all rows by itself; nothing where none was found."""
    return Found((cause_of(name, here, match),), match.factor) if match else None


def first_match(
    choices: Iterable[Model], numbers: tuple[int, int], rows: Rows, but: int, *, free: bool
) -> Match | None:
    """The number of the first model that explains all rows with another one than ``but``."""
    for model in choices:
        match = seek(model, *numbers, rows, free=free)
        if match is not None and match.number != but:
            return match
    return None


def peak(case: LogCase, *, free: bool) -> Found | None:
    """All values times a number."""
    factor = None if free else factor_of(case.planned, case.rows)
    return Found((), factor) if factor else None


def still(case: LogCase, *, free: bool) -> Found | None:
    """One value in all rows."""
    value = None if free else factor_of(np.ones(len(case.rows)), case.rows)
    return None if value is None else Found((LogCause("flat", None, value),))


def faster(case: LogCase, *, free: bool) -> Found | None:
    """Stepped several times in an update."""
    if every_update(case, free=free):
        return None
    model = models.faster(case.plan)
    match = seek(model, 2, FASTEST, case.rows, free=free)
    if match is not None and match.lowest < match.number:  # rows apart do not tell it from multiples
        match = _least(model, match, case.rows, free=free)
    return found_by("speed", 1, match)


def _least(model: Model, match: Match, rows: Rows, *, free: bool) -> Match:
    """The least number of a match, and those next to it that do as well."""
    holding = takewhile(
        lambda number: seek(model, number, number, rows, free=free), range(match.lowest, match.most + 1)
    )
    found = [*holding]
    least = seek(model, match.lowest, match.lowest, rows, free=free)
    return least._replace(most=found[-1]) if least else match


def every_update(case: LogCase, *, free: bool) -> Found | None:
    """Stepped at every update, where it is planned to be once in several, as in an epoch."""
    size = case.plan.holds
    match = seek(models.every(case.plan, size), 1, 1, case.rows, free=free) if size > 1 else None
    return found_by("every", size, match)


def every(case: LogCase, *, free: bool) -> Found | None:
    """Stepped once in another number of updates than planned."""
    size = case.plan.holds
    match = seek(models.every(case.plan, size), 1, case.rows.last, case.rows, free=free) if size > 1 else None
    return found_by("every", size, match) if match and match.number != size else None


def stairs(case: LogCase, *, free: bool) -> Found | None:
    """Stepped once in several updates."""
    return found_by("stairs", 1, seek(models.stairs(case.plan), 2, case.rows.last, case.rows, free=free))


def held(case: LogCase, *, free: bool) -> Found | None:
    """As planned, each value for several updates."""
    return found_by("held", 1, seek(models.held(case.plan), 2, case.rows.last, case.rows, free=free))


def warmup(case: LogCase, *, free: bool) -> Found | None:
    """Another warmup."""
    plan, numbers = case.plan, (0, case.rows.last + 1)
    match = first_match(models.warmups(plan), numbers, case.rows, plan.warm, free=free)
    if match and not plan.warm and match.number <= case.rows.ticks[0]:
        return None  # no row has any of it: the plan, later
    return found_by("warmup", plan.warm, match)


def total(case: LogCase, *, free: bool) -> Found | None:
    """Another length behind the same warmup."""
    if not case.plan.has_length:
        return None
    plan, numbers = case.plan, (case.plan.warm + 1, LONGEST * case.plan.total)
    match = first_match(models.totals(plan, plan.warm), numbers, case.rows, plan.total, free=free)
    return found_by("total", plan.total, match)


def stretched(case: LogCase, *, free: bool) -> Found | None:
    """Another length, of which the warmup is the same share."""
    plan = case.plan
    if not plan.has_length:
        return None
    match = first_match(models.stretched(plan), (2, LONGEST * plan.total), case.rows, plan.total, free=free)
    if match is None or not plan.warm:
        return found_by("total", plan.total, match)
    with_it = round(plan.warm * match.number / plan.total)
    return Found((LogCause("warmup", plan.warm, with_it), cause_of("total", plan.total, match)), match.factor)


def late(case: LogCase, *, free: bool) -> Found | None:
    """Some updates late from the beginning, or where only what follows a resume is known, set back by it."""
    rows = case.rows
    match = seek(models.late(case.plan), 1, rows.last, rows, free=free)
    first, apart = int(rows.ticks[0]), int(np.median(np.diff(rows.ticks, append=rows.last)))
    if match is None or first < 2 * apart or first < match.number:
        return found_by("late", 0, match)
    if first - match.number < apart:
        return Found((cause_of("anew", None, match, match.number),), match.factor)
    return found_by("behind", 0, match)


def early(case: LogCase, *, free: bool) -> Found | None:
    """Some steps ahead from the beginning."""
    return found_by("ahead", 0, seek(models.early(case.plan), 1, case.plan.total, case.rows, free=free))


def floor(case: LogCase, *, free: bool) -> Found | None:
    """As high as planned, and from there all distances down times a number."""
    plan, rows = case.plan, case.rows
    first = int(np.searchsorted(rows.ticks, plan.top_at))
    if free or len(rows) == first or case.differing[0] < first:
        return None
    planned = case.planned[first:]
    below = Rows(rows.ticks[first:], plan.top - rows.values[first:], rows.slack[first:])
    if factor_of(plan.top - planned, below) is None:
        return None
    low, high = factor_bounds(plan.top - planned, below)
    lowest = float(np.fmin(planned.min(), plan(np.array([float(plan.total)]))[0]))
    deep, flat = (plan.top - share * (plan.top - lowest) for share in (float(high.min()), float(low.max())))
    lower = simplest(deep, flat)
    return Found((LogCause("floor", lowest, lower),)) if deep <= lower <= flat and lower != lowest else None


def warmup_and_total(case: LogCase, *, free: bool) -> Found | None:
    """Another warmup, which the rows before the top tell, and another length."""
    plan, rows = case.plan, case.rows
    top = int(np.argmax(rows.values))
    if not top or not plan.has_length:
        return None
    longest = rows.ticks[min(top + 1, len(rows) - 1)]
    rise = seek(models.rise(plan), 1, int(longest), rows[:top], free=free)
    if rise is None:
        return None
    some = np.linspace(rise.least, rise.most, WARMUPS).round().astype(int).tolist()
    for warm in dict.fromkeys((rise.number, *some)):
        numbers = warm + 1, LONGEST * plan.total
        match = first_match(models.totals(plan, warm), numbers, rows, plan.total, free=free)
        if match is not None:
            causes = LogCause("warmup", plan.warm, warm), cause_of("total", plan.total, match)
            return Found(causes, match.factor)
    return None
