"""Several other numbers in the plan's own schedule, as milestones are: each found in rows that it decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.compare.log import own_numbers
from lrviz.compare.log.tuning import Tuning
from lrviz.compare.log.whole import Found

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lrviz.compare.log.log_rows import LogCase, Rows
    from lrviz.compare.log.parameters import Parameter, Varied

    Numbers = dict[Parameter, float]

MOST_FOUND = 24
"""Times that one is found: some are found again in more rows, which tell them better."""


def several(case: LogCase, *, free: bool) -> Found | None:
    """Other numbers, each of which explains some rows more than those before it, up to the last."""
    own = [one for one in case.plan.varied if not one.parameter.is_base_lr]
    own.sort(key=lambda one: not one.parameter.is_whole)  # they are changed more often
    alone = [one for one in own if len(one.parameter.places) == 1]  # two may be alike by chance
    tried = () if free else dict.fromkeys((tuple(own), tuple(alone)))
    return next((found for varied in tried if (found := _several(varied, case))), None)


def _several(all_varied: Sequence[Varied], case: LogCase) -> Found | None:
    """Those of these numbers that explain all rows."""
    numbers: Numbers = {}
    reached = int(case.differing[0])
    for _ in range(MOST_FOUND):
        beside = (one.among(numbers) for one in all_varied if one.is_beside(numbers))
        found = _farther(beside, case.rows, reached)
        if found is None:
            return None
        parameter, numbers[parameter], reached = found
        if reached == len(case.rows):
            return _all(all_varied, numbers, case.rows)
    return None


def _farther(all_varied: Iterable[Varied], rows: Rows, reached: int) -> tuple[Parameter, float, int] | None:
    """The first number with which the schedule has the next row too, and how many of all it has then."""
    for varied in all_varied:
        match = own_numbers.tuned(varied, rows[: reached + 1], free=False)
        if match is not None:
            return varied.parameter, match.number, Tuning(varied, rows, is_free=False).reached(match.number)
    return None


def _all(all_varied: Iterable[Varied], numbers: Numbers, rows: Rows) -> Found | None:
    """The numbers that are not the plan's, and how far each could be another."""
    others = {parameter: number for parameter, number in numbers.items() if number != parameter.value}
    found = (
        own_numbers.cause_of(
            one.parameter, Tuning(one.among(others), rows, is_free=False).around(others[one.parameter])
        )
        for one in all_varied
        if one.parameter in others
    )
    return Found(tuple(found))
