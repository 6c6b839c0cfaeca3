"""Why a log is not as planned: what is supposed is held against all rows, the simplest first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from lrviz.compare.log import since, whole
from lrviz.compare.log.cause import LogCause
from lrviz.compare.log.whole import FEWEST, Found

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lrviz.compare.log.plan import Plan
    from lrviz.compare.log.rows import Rows
    from lrviz.compare.log.since import Supposition

SIMPLEST: tuple[Supposition, ...] = (
    whole.peak,
    whole.still,
    whole.faster,
    whole.stairs,
    whole.warmup,
    whole.total,
    whole.late,
    since.anew,
    since.late,
    since.resumed,
    since.peak,
    since.still,
    whole.stretched,
    whole.floor,
    whole.warmup_and_total,
    whole.held,
    whole.early,
    since.ahead,
    since.faster,
    since.before,
)
"""What may be, the simplest first."""


class Explained(NamedTuple):
    """What explains all rows, which are then those of ticks so many later; and what would do as well."""

    offset: int
    causes: tuple[LogCause, ...]
    others: tuple[LogCause, ...] = ()


def explain(plan: Plan, rows: Rows, offsets: Iterable[int]) -> Explained | None:
    """The simplest that explains all rows with one of these offsets; None where nothing does."""
    moved = [(offset, _at(rows, offset)) for offset in offsets]
    for free in (False, True):
        for place, suppose in enumerate(SIMPLEST):
            for offset, known in moved:
                found = _found(suppose, plan, known, free=free)
                if found is not None:
                    others = [] if free else [_found(one, plan, known) for one in SIMPLEST[place + 1 :]]
                    return Explained(
                        offset, _causes(plan, found), tuple(c for one in others if one for c in _causes(plan, one)[:1])
                    )
    return None


def _at(rows: Rows, offset: int) -> Rows:
    """The rows with the ticks that they are of; none of what would be before the first."""
    moved = replace(rows, ticks=rows.ticks + offset)
    return moved[moved.ticks >= 0]


def _found(suppose: Supposition, plan: Plan, rows: Rows, *, free: bool = False) -> Found | None:
    if rows.differing(plan(rows.ticks)).size < FEWEST:
        return None
    return suppose(plan, rows, free=free)


def _causes(plan: Plan, found: Found) -> tuple[LogCause, ...]:
    if found.factor == 1.0:
        return found.causes
    return (LogCause("peak", plan.top, plan.top * found.factor), *found.causes)
