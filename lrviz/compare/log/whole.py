"""What may be otherwise in the whole of a log: one number, found in its rows, maybe beside another peak."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lrviz.compare.log import models
from lrviz.compare.log.cause import LogCause
from lrviz.compare.log.rows import Rows
from lrviz.compare.log.search import factor_of, seek

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lrviz.compare.log.plan import Plan
    from lrviz.compare.log.search import Match, Model

FASTEST = 1024
"""Times as fast as planned that a scheduler may be stepped."""
LONGEST = 64
"""Times as long as planned that a run may be."""
FEWEST = 3
"""Rows that differ before a number found in them explains the others."""


class Found(NamedTuple):
    """What explains all rows, beside a factor."""

    causes: tuple[LogCause, ...]
    factor: float = 1.0


def one_cause(name: str, here: float | None, match: Match, at: int | None = None) -> Found:
    """A number found, and beside it those that would do as well."""
    return Found((cause_of(name, here, match, at),), match.factor)


def cause_of(name: str, here: float | None, match: Match, at: int | None = None) -> LogCause:
    """The same as a cause."""
    several = match.least < match.most
    return LogCause(
        name, here, match.number, at, match.least if several else None, match.most if several else None
    )


def first_match(
    choices: Iterable[Model], low: int, high: int, rows: Rows, but: int, *, free: bool
) -> Match | None:
    """The number of the first model that explains all rows with another one than ``but``."""
    for model in choices:
        match = seek(model, low, high, rows, free=free)
        if match is not None and match.number != but:
            return match
    return None


def peak(plan: Plan, rows: Rows, *, free: bool = False) -> Found | None:
    """All values times a number."""
    factor = None if free else factor_of(plan(rows.ticks), rows)
    return Found((), factor) if factor not in (None, 1.0) else None


def faster(plan: Plan, rows: Rows, *, free: bool = False) -> Found | None:
    """Stepped several times in an update."""
    match = seek(models.faster(plan), 2, FASTEST, rows, free=free)
    return match and one_cause("speed", 1, match)


def stairs(plan: Plan, rows: Rows, *, free: bool = False) -> Found | None:
    """Stepped once in several updates."""
    match = seek(models.stairs(plan), 2, int(rows.ticks[-1]), rows, free=free)
    return match and one_cause("stairs", 1, match)


def held(plan: Plan, rows: Rows, *, free: bool = False) -> Found | None:
    """As planned, each value for several updates."""
    match = seek(models.held(plan), 2, int(rows.ticks[-1]), rows, free=free)
    return match and one_cause("held", 1, match)


def still(plan: Plan, rows: Rows, *, free: bool = False) -> Found | None:
    """One value in all rows."""
    factor = None if free else factor_of(np.ones(len(rows)), rows)
    return None if factor is None else Found((LogCause("flat", None, factor),))


def warmup(plan: Plan, rows: Rows, *, free: bool = False) -> Found | None:
    """Another warmup."""
    match = first_match(models.warmups(plan), 0, int(rows.ticks[-1]) + 1, rows, plan.warm, free=free)
    return match and one_cause("warmup", plan.warm, match)


def total(plan: Plan, rows: Rows, *, free: bool = False) -> Found | None:
    """Another length behind the same warmup."""
    match = first_match(
        models.totals(plan), plan.warm + 1, LONGEST * plan.total, rows, plan.total, free=free
    )
    return match and one_cause("total", plan.total, match)


def stretched(plan: Plan, rows: Rows, *, free: bool = False) -> Found | None:
    """Another length, of which the warmup is the same share."""
    match = first_match(models.stretched(plan), 2, LONGEST * plan.total, rows, plan.total, free=free)
    if match is None:
        return None
    total = cause_of("total", plan.total, match)
    if not plan.warm:
        return Found((total,), match.factor)
    with_it = round(plan.warm * match.number / plan.total)
    return Found((LogCause("warmup", plan.warm, with_it), total), match.factor)


def late(plan: Plan, rows: Rows, *, free: bool = False) -> Found | None:
    """Some updates late from the beginning."""
    match = seek(models.late(plan), 1, int(rows.ticks[-1]), rows, free=free)
    return match and one_cause("late", 0, match)


def early(plan: Plan, rows: Rows, *, free: bool = False) -> Found | None:
    """Some steps ahead from the beginning."""
    match = seek(models.early(plan), 1, plan.total, rows, free=free)
    return match and one_cause("ahead", 0, match)


def floor(plan: Plan, rows: Rows, *, free: bool = False) -> Found | None:
    """As high as planned, and from there all distances down times a number."""
    values = plan(rows.ticks)
    falls = rows.ticks >= plan.top_at
    if free or falls.sum() < FEWEST or rows[~falls].differing(values[~falls]).size:
        return None
    below = Rows(rows.ticks[falls], plan.top - rows.values[falls], rows.slack[falls])
    share = factor_of(plan.top - values[falls], below)
    if share is None:
        return None
    lowest = float(values[falls].min())
    return Found((LogCause("floor", lowest, plan.top - share * (plan.top - lowest)),))


def warmup_and_total(plan: Plan, rows: Rows, *, free: bool = False) -> Found | None:
    """Another warmup, which the rows before the top tell, and another length."""
    top = int(rows.ticks[np.argmax(rows.values)])
    rising = rows[rows.ticks < top]
    if not plan.warm or not len(rising):
        return None
    of_rise = models.on_clock(plan, lambda t, w: t * (plan.warm / w))
    match = seek(of_rise, 1, LONGEST * max(plan.warm, top), rising, free=free)
    if match is None:
        return None
    tried = dict.fromkeys((match.number, *np.linspace(match.least, match.most, 16).round().astype(int).tolist()))
    for warm in tried:
        choices = models.totals(plan, warm)
        found = first_match(choices, warm + 1, LONGEST * plan.total, rows, plan.total, free=free)
        if found is not None:
            causes = LogCause("warmup", plan.warm, warm), cause_of("total", plan.total, found)
            return Found(causes, found.factor)
    return None
