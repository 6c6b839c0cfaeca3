"""A curve beside the one it is compared with, in a few numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lrviz.checks.measures import measure
from lrviz.compare.pairs import compared
from lrviz.compare.track import track_of
from lrviz.notation.fact import Fact

if TYPE_CHECKING:
    from lrviz.curves.series import Series
    from lrviz.notation.finding import Finding


class Beside(NamedTuple):
    """How a curve stands to the reference; places and differences are None where they are the same.

    Attributes:
        ratio: its area by that of the reference; None where that is 0.
        differs_at: the first step at which they differ, or that only one of them has.
        difference: the largest difference, its value less that of the reference.
        difference_at: the step of that.
        findings: what is worth saying of the comparison, as the offset of a log.

    """

    ratio: float | None
    differs_at: int | None
    difference: float | None
    difference_at: int | None
    findings: tuple[Finding, ...] = ()


def beside(row: Series, reference: Series) -> Beside:
    """A curve beside the reference; a log and a plan are held against each other whichever is the reference.

    Raises:
        LrvizError: what sets them apart cannot be told.

    """
    ratio = _ratio(row, reference)
    if row is reference:
        return Beside(ratio, None, None, None)
    plan_last = bool(reference.logged) and not row.logged
    here, there = (row, reference) if plan_last else (reference, row)
    found = compared(track_of(here), track_of(there))
    largest = found.largest
    if largest is None:
        return Beside(ratio, found.first_step, None, None, found.findings)
    distance = -largest.distance if plan_last else largest.distance
    return Beside(ratio, found.first_step, distance, largest.step, found.findings)


def _ratio(row: Series, reference: Series) -> float | None:
    here, there = (measure(one, Fact("area")).value for one in (row, reference))
    return here / there if here is not None and there else None
