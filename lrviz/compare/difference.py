"""Two curves held against each other: where they differ, by how much, why."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lrviz.compare.case import Case
from lrviz.compare.causes import causes_of
from lrviz.compare.track import aligned
from lrviz.notation.numbers import epoch_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lrviz.compare.cause import Cause
    from lrviz.compare.track import Track
    from lrviz.engine.apart import Apart
    from lrviz.notation.finding import Finding

SAME = 1e-12
"""Values no further apart than this share of the greater peak are the same."""


class Measure(NamedTuple):
    """How far apart values may be that are the same, and what is held against each other.

    ``share`` is of the greater peak, ``least`` an LR that may be added to that.
    """

    share: float = SAME
    least: float = 0.0
    align: str = "steps"

    def slack(self, one: Track, other: Track) -> float:
        """How far two curves may be apart, as an LR; what a log rounds is no difference."""
        rounded = sum(float(track.column.least.max()) for track in (one, other) if track.column)
        return self.least + self.share * max(abs(one.top), abs(other.top)) + rounded


EXACTLY = Measure()
"""Curves are equal to their last digits, step by step."""


class Range(NamedTuple):
    """Steps that differ, and the one that does by most, with both values there."""

    first: int
    last: int
    step: int
    here: float
    there: float

    @property
    def distance(self) -> float:
        """How far apart they are there."""
        return self.there - self.here


@dataclass(frozen=True, eq=False)
class Difference:
    """What sets a second curve apart from a first.

    ``names`` are what both are called, ``lengths`` those of their runs; ``stride`` steps of the first lie
    between two places.
    """

    case: Case
    measure: Measure
    lengths: tuple[int | None, int | None]
    stride: int = 1
    names: tuple[str, str] = ("", "")

    @property
    def one(self) -> Track:
        """The first curve."""
        return self.case.one

    @property
    def other(self) -> Track:
        """The second."""
        return self.case.other

    @property
    def found(self) -> Apart:
        """Where they differ."""
        return self.case.found

    @property
    def equal(self) -> bool:
        """Whether nothing does."""
        return not len(self.found) and not self.lengths_differ

    @property
    def lengths_differ(self) -> bool:
        """Whether one has steps, or values, that the other has not."""
        one, other = self.one, self.other
        runs = None not in {one.steps, other.steps} and one.steps != other.steps
        stops = any(a.why and a.ran < b.ran for a, b in ((one, other), (other, one)))
        return self.measure.align == "steps" and (runs or stops)

    @property
    def first_step(self) -> int | None:
        """The first step that differs, or that only one of them has."""
        if len(self.found):
            return int(self.found.first[0])
        return self.compared if self.lengths_differ else None

    @property
    def compared(self) -> int:
        """How many steps both have."""
        return self.case.compared

    @property
    def top(self) -> float:
        """The greater peak, of which a difference is a share."""
        return max(abs(self.one.top), abs(self.other.top))

    @property
    def unit(self) -> str:
        """What a place is, before its number."""
        return {"steps": "step ", "epochs": "epoch ", "percent": ""}[self.measure.align]

    def place(self, number: int) -> str:
        """A place as people count it."""
        if self.measure.align == "epochs":
            return epoch_text(number * self.stride / (self.one.epoch or 1))
        if self.measure.align == "percent":
            return f"{100 * number / (self.one.steps or 1):.4g}%"
        return str(number)

    def ranges(self, most: int | None = None) -> Iterator[Range]:
        """The first ranges of steps that differ."""
        return map(self._range, range(len(self.found))[:most])

    @property
    def largest(self) -> Range | None:
        """The range with the largest difference."""
        return self._range(int(np.argmax(self.found.most))) if len(self.found) else None

    def _range(self, place: int) -> Range:
        columns = (self.found.first, self.found.last, self.found.most_at)
        first, last, at = (int(column[place]) for column in columns)
        return Range(first, last, at, self.one.at(at), self.other.at(at))

    @cached_property
    def causes(self) -> tuple[Cause, ...]:
        """What explains every step that differs, if anything does."""
        return causes_of(self.case) if len(self.found) else ()

    @property
    def others(self) -> tuple[Cause, ...]:
        """What would explain every step as well."""
        return ()

    @property
    def unexplained(self) -> str:
        """What is said where nothing explains every step."""
        return ""

    @property
    def of_log(self) -> Mapping[str, object] | None:
        """What else is known where the second is a log held against a plan."""
        return None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is worth saying though nothing may differ."""
        return ()

    @property
    def cause(self) -> str:
        """The causes in words."""
        return "; ".join(cause.text for cause in self.causes)


def difference(one: Track, other: Track, measure: Measure = EXACTLY) -> Difference:
    """Hold two curves against each other.

    Raises:
        LrvizError: it cannot be told, or they have no step in common.

    """
    lengths = one.steps, other.steps
    one, other, stride = aligned(one, other, measure.align)
    by_step = measure.align == "steps"
    case = Case.of(one, other, measure.slack(one, other), by_step=by_step)
    return Difference(case, measure, lengths, stride)
