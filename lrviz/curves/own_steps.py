"""Which step of a curve ``peak``, ``last`` or ``-1`` is."""

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
    return from_the_end(row.steps, place, what) if isinstance(place, int) else int(getattr(row.facts, place))


def from_the_end(steps: int, place: int, what: str) -> int:
    """A step; below 0 it counts from the end, where ``-1`` is the last.

    Raises:
        SpecError: it is before the first.

    """
    if place + steps < 0:
        raise SpecError(
            f"{what} {place} is before the first of {counted(steps, 'step')}", hint="type 0 for the first"
        )
    return place + steps if place < 0 else place
