"""Why a log is not as planned: what is supposed is held against all rows, the simplest first."""

from __future__ import annotations

import math
from itertools import product
from typing import TYPE_CHECKING

from lrviz.compare.log import jointly, own_numbers, several_numbers, since, whole
from lrviz.compare.log.likelier import likeliest_first
from lrviz.compare.log.log_cause import LogCause
from lrviz.compare.log.log_difference import Fitted
from lrviz.compare.log.log_rows import LogCase
from lrviz.compare.log.since import FEWEST
from lrviz.compare.log.whole import Found

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lrviz.compare.log.log_rows import Rows
    from lrviz.compare.log.planned import Plan
    from lrviz.compare.log.since import Supposition

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


FEW_FOR: Mapping[Supposition, int] = {whole.late: 2, since.anew: 2}
"""Rows that must differ of what has one whole number, and leaves the values as they are."""
SEEN_STEPS = 4
"""Steps of a scheduler in a log of one value, where it may be stepped at all."""


def explain(plan: Plan, rows: Rows, offsets: Iterable[int]) -> Fitted | None:
    """The simplest that explains all rows behind one of these offsets; None where nothing does."""
    moved = [(offset, LogCase(plan, rows.at(offset))) for offset in offsets]
    for free, (place, suppose) in product((False, True), enumerate(SIMPLEST)):
        best = _by_fewest(suppose, moved, free=free)
        if best is None:
            continue
        offset, case, found = best
        causes = _causes(plan, found)
        others = () if free else _others(place, case, is_flat=causes[0].id == "flat")
        alike: dict[object, tuple[LogCause, ...]] = {}
        for one in (causes, *(_causes(plan, other) for other in others)):
            alike.setdefault(_numbers(one), one)  # one number has two names
        first, *more = likeliest_first([*alike.values()], case)
        return Fitted(offset, first, tuple(_unsaid(first, map(_together, more))))
    return None


def _by_fewest(
    suppose: Supposition, moved: Sequence[tuple[int, LogCase]], *, free: bool
) -> tuple[int, LogCase, Found] | None:
    """The first offset behind which it explains all rows by the fewest causes."""
    best: tuple[int, LogCase, Found] | None = None
    for offset, case in moved:
        found = _found(suppose, case, free=free)
        if found is not None and (best is None or len(found.causes) < len(best[2].causes)):
            best = offset, case, found
        if best is not None and len(best[2].causes) <= 1:
            break
    return best and _behind_its_offset(best, dict(moved))


def _behind_its_offset(
    best: tuple[int, LogCase, Found], cases: Mapping[int, LogCase]
) -> tuple[int, LogCase, Found]:
    """What is late from the first row on, and later still behind it, may only be read otherwise."""
    offset, _, (causes, factor) = best
    if len(causes) < 2 or causes[0].id != "late" or causes[0].at is not None:
        return best
    first, *more = causes
    lag = int(first.there or 0)
    if offset - lag not in cases:
        return best
    moved = (
        one._replace(here=(one.here or 0) - lag, there=(one.there or 0) - lag, at=(one.at or 0) - lag)
        for one in more
    )
    return offset - lag, cases[offset - lag], Found(tuple(moved), factor)


def _unsaid(first: tuple[LogCause, ...], others: Iterable[LogCause]) -> Iterator[LogCause]:
    """Those of the others that do not say once more what was said."""
    said = {"; ".join(one.text for one in first)}
    for one in others:
        if one.text not in said:
            said.add(one.text)
            yield one


def _others(place: int, case: LogCase, *, is_flat: bool) -> Iterator[Found]:
    """What else explains all rows, by one cause: of the whole as well, or as well from a step on.

    Several numbers, each of which begins to tell somewhere, are as simple as either. Rows of one value are
    a scheduler that is stepped too seldom as well, and next to anything else.
    """
    if is_flat:
        found = _found(whole.stairs, case, free=False)
        if found is not None:
            (stairs,) = found.causes
            least = stairs.least or stairs.there or 0.0
            if SEEN_STEPS * least <= case.rows.last:
                yield found._replace(causes=(stairs._replace(there=least, least=least, most=math.inf),))
        return
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
        found = suppose(rows, free=free) if rows.differing.size >= FEW_FOR.get(suppose, FEWEST) else None
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
