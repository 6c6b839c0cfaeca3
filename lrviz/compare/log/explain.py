"""Why a log is not as planned: what is supposed is held against all rows, the simplest first."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from lrviz.compare.log import jointly, own_numbers, several_numbers, since, whole
from lrviz.compare.log.likelier import likeliest_first
from lrviz.compare.log.log_cause import LogCause
from lrviz.compare.log.log_difference import Fitted
from lrviz.compare.log.log_rows import LogCase
from lrviz.compare.log.since import FEWEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lrviz.compare.log.log_rows import Rows
    from lrviz.compare.log.planned import Plan
    from lrviz.compare.log.since import Supposition
    from lrviz.compare.log.whole import Found

SIMPLEST: tuple[Supposition, ...] = (
    whole.still,
    whole.peak,
    own_numbers.base_lr,
    whole.every_update,
    whole.faster,
    whole.stairs,
    own_numbers.word,
    whole.every,
    own_numbers.instead_of_length,
    whole.warmup,
    whole.total,
    own_numbers.beside_length,
    own_numbers.length,
    whole.late,
    since.anew,
    since.still,
    since.late,
    since.resumed,
    since.restarts,
    since.ahead,
    since.behind,
    since.warmup,
    since.another,
    since.peak,
    since.base_lr,
    several_numbers.several,
    whole.stretched,
    whole.floor,
    whole.warmup_and_total,
    whole.held,
    whole.early,
    since.faster,
    since.before,
    jointly.jointly,
)
"""What may be, the simplest first."""


def explain(plan: Plan, rows: Rows, offsets: Iterable[int]) -> Fitted | None:
    """The simplest that explains all rows behind one of these offsets; None where nothing does."""
    moved = [(offset, LogCase(plan, rows.at(offset))) for offset in offsets]
    for free, (place, suppose), (offset, case) in product((False, True), enumerate(SIMPLEST), moved):
        found = _found(suppose, case, free=free)
        if found is not None:
            causes = _causes(plan, found)
            others = () if free or causes[0].id == "flat" else _others(place, case)
            alike: dict[object, tuple[LogCause, ...]] = {}
            for one in (causes, *(_causes(plan, other) for other in others)):
                alike.setdefault(_numbers(one), one)  # one number has two names
            first, *more = likeliest_first([*alike.values()], case)
            return Fitted(offset, first, tuple(map(_together, more)))
    return None


def _others(place: int, case: LogCase) -> Iterator[Found]:
    """What else explains all rows, by one cause: of the whole as well, or as well from a step on.

    Several numbers, each of which begins to tell somewhere, are as simple as either.
    """
    on_the_way = SIMPLEST[place].__module__ == since.__name__
    for suppose in SIMPLEST[place + 1 :]:
        may_be_several = suppose is several_numbers.several
        is_alike = may_be_several or (suppose.__module__ == since.__name__) == on_the_way
        found = _found(suppose, case, free=False) if is_alike else None
        if found is not None and (may_be_several or len(found.causes) <= 1):
            yield found


def _found(suppose: Supposition, case: LogCase, *, free: bool) -> Found | None:
    """What explains some of the rows, and then all of them."""
    found = None
    for rows in dict.fromkeys((case.thinned, case)):
        found = suppose(rows, free=free) if rows.differing.size >= FEWEST else None
        if found is None:
            return None
    return found


def _numbers(causes: tuple[LogCause, ...]) -> object:
    return tuple((cause.here, cause.there, cause.words) for cause in causes)


def _together(causes: tuple[LogCause, ...]) -> LogCause:
    """The first cause, with those beside it."""
    return causes[0]._replace(beside=causes[1:])


def _causes(plan: Plan, found: Found) -> tuple[LogCause, ...]:
    """With the peak that goes with it."""
    peak = () if found.factor == 1.0 else (LogCause("peak", plan.top, plan.top * found.factor),)
    return (*peak, *found.causes)
