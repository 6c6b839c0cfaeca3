"""A schedule that reproduces every row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from lrviz.identification.guess import line_of
from lrviz.identification.roundness import digits
from lrviz.notation.rendering import render

if TYPE_CHECKING:
    from lrviz.engine.timeline import Timeline
    from lrviz.notation.spec import Spec


class Range(NamedTuple):
    """Values of one number that do as well, all others as they are; ``high`` None: none is too large."""

    key: str
    low: float
    high: float | None


@dataclass(frozen=True)
class Candidate:
    """A spec that has every row, on a log that is read ``shift`` ticks ahead.

    Attributes:
        spec: what to paste.
        shift: the value at row x is that of tick x + shift.
        numbers: how many of its numbers were found out.
        steps: the run in which it was looked at.
        expected: whether the log's writer has this shift, 0 if so, and how far down it stands.
        ranges: numbers that may have other values.
        same: other specs of the same curve.
        shifts: other offsets at which the same spec has every row.

    """

    spec: Spec
    shift: int
    numbers: int
    steps: int
    expected: tuple[int, int] = (0, 0)
    ranges: tuple[Range, ...] = ()
    same: tuple[str, ...] = ()
    shifts: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """The spec as it is typed."""
        return render(self.spec)

    @cached_property
    def line(self) -> Timeline | None:
        """Its curve."""
        return line_of(self.spec, self.steps)

    @property
    def length(self) -> int:
        """The length of its run; one that says none goes on for as long as it was seen."""
        said = self.spec.get("steps")
        return int(said) if isinstance(said, (int, float)) else 2 * self.steps

    @property
    def effort(self) -> int:
        """Digits it takes to write: the fewer, the likelier that people chose them."""
        return sum(digits(value) for _, value in self.spec.params)
