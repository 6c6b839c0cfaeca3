"""Which step of a curve ``peak``, ``warmup`` or ``-1`` is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.errors import SpecError
from lrviz.notation.numbers import counted

if TYPE_CHECKING:
    from lrviz.curves.series import Series
    from lrviz.notation.own_step import OwnStep


def step_of(row: Series, step: OwnStep, what: str) -> int:
    """The step of this curve.

    Raises:
        SpecError: it is before the first.

    """
    place = step.place
    if isinstance(place, int):
        return from_the_end(row.steps, place, what)
    return warmup_of(row) if place == "warmup" else int(getattr(row.facts, place))


def warmup_of(row: Series) -> int:
    """Updates of warmup, the number of the first one after it; 0 without one."""
    if row.timeline.phases[0].kind != "warmup":
        return 0
    return row.steps if row.facts.warmup_end is None else row.facts.warmup_end


def from_the_end(steps: int, place: int, what: str) -> int:
    """A step; below 0 it counts from the end, where ``-1`` is the last.

    Raises:
        SpecError: it is before the first.

    """
    if place + steps < 0:
        raise SpecError(
            f"{what} {place} is before the first of {counted(steps, 'step')}",
            hint=f"{what} {-steps} is the first",
        )
    return place + steps if place < 0 else place
