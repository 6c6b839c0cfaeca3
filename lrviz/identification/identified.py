"""What a log is identified as: curves, the likeliest first, and where they part."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lrviz.catalogue.names import HOMES, find
from lrviz.errors import LrvizError, SpecError
from lrviz.identification.searching import SHIFTS, Searching
from lrviz.identification.seen import Seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lrviz.engine.timeline import Rates, TickArray
    from lrviz.identification.candidate import Candidate
    from lrviz.inputs.logs.log import Log, LogColumn

MOST_RATE = 1e12
"""No learning rate is as large; the search squares its numbers."""
FEWEST = 3
"""Rows that decide anything: any two are of every schedule."""
EQUAL = 1e-6
"""Share of the top within which two frameworks have one curve, as where one computes in float32."""
LOOKED_AT = 1 << 16
"""Steps at which two curves are held against each other."""
FEW = 5
"""Schedules that are shown unless more are asked for."""
ODD = 3
"""Digits more than the likeliest takes: numbers that nobody chose."""
ELSEWHERE = 2
"""Digits that it counts for to be of a framework that neither wrote the log nor is everybody's."""
BEYOND = 1.25
"""Times the longer run: how far two curves are looked at."""


@dataclass(frozen=True)
class Identified:
    """What a column of a log may be made by.

    Attributes:
        log: the log.
        column: the column.
        seen: its rows.
        found: what has every row, one for each curve, the likeliest first.

    """

    log: Log
    column: LogColumn
    seen: Seen
    found: tuple[Candidate, ...]

    def parts_at(self, other: Candidate) -> int | None:
        """The place of the log at which another curve first leaves the likeliest, if it does."""
        first = self.found[0]
        end = BEYOND * max(first.length, other.length, int(self.seen.last) + 1)
        return _apart(first, other, end, 2 * float(self.seen.slack.max()))

    def deciding(self, one: Candidate) -> int:
        """The rows beyond those that it takes to find its numbers."""
        return max(0, self.seen.values.size - one.numbers)


def identify(log: Log, column: LogColumn, total: int | None = None, *, is_wide: bool = True) -> Identified:
    """What has every row of a column; ``is_wide`` is for other frameworks that have it too.

    Raises:
        LrvizError: its rows stand at fractions of a step, or there is none.

    """
    seen = Seen.of(log.steps_of(column).astype(float), column.values, column.least)
    if not seen.values.size:
        raise SpecError(f"{log.name}: no number in {column.name}", hint="name another column: LOG:column")
    shifts = tuple(dict.fromkeys((*(one.shift for one in column.offsets), *SHIFTS)))
    known = len({one.shift for one in column.offsets})
    is_rate = 0 < seen.top < MOST_RATE  # an LR of 0 is nobody's
    decides = seen.values.size >= FEWEST
    found = Searching(seen, shifts, known, total, is_wide).found() if is_rate and decides else []
    found = sorted(found, key=lambda one: _effort(one, log.format))
    curves = sorted(
        _curves(found, seen),
        key=lambda one: (_effort(one, log.format), one.expected[0], not _is_of(one, log.format)),
    )
    return Identified(log, column, seen, tuple(curves))


def _effort(one: Candidate, writer: str) -> int:
    """Digits it takes to write: fewer in the log's own framework, more where another is as likely as any."""
    if _is_of(one, writer):
        return one.effort - (0 if one.expected[0] else ELSEWHERE)
    own = one.spec.name in HOMES or find(one.spec.name).framework.name in HOMES
    return one.effort + (0 if own else ELSEWHERE)


def _is_of(one: Candidate, writer: str) -> bool:
    """Whether the log is written by the framework that has this schedule."""
    return find(one.spec.name).framework.name in writer.lower().split()


def _curves(found: Iterable[Candidate], seen: Seen) -> list[Candidate]:
    """One candidate for each curve, with the names of the others that have it."""
    heads: list[Candidate] = []
    for one in found:
        place = next((i for i, head in enumerate(heads) if _is_same(head, one, seen)), None)
        if place is None:
            heads.append(one)
        elif heads[place].shift == one.shift and one.spec.name != heads[place].spec.name:
            heads[place] = replace(heads[place], same=(*heads[place].same, one.text))
        elif heads[place].text == one.text:
            heads[place] = replace(heads[place], shifts=(*heads[place].shifts, one.shift))
        else:
            heads.append(one)
    return heads


def _is_same(one: Candidate, other: Candidate, seen: Seen) -> bool:
    """Whether both have one curve up to the end of the run."""
    end = max(max(one.length, other.length) - 1 - one.shift, int(seen.last))
    return _apart(one, other, end, EQUAL * seen.top) is None


def _apart(one: Candidate, other: Candidate, end: float, slack: float) -> int | None:
    """The first place of the log up to ``end`` at which two differ by more than it can tell."""
    first = max(0, -one.shift, -other.shift)
    places = np.unique(np.linspace(first, end, min(LOOKED_AT, int(end) + 1)).round())
    here, there = (_values(each, places + each.shift) for each in (one, other))
    differ = np.flatnonzero((np.abs(here - there) > slack) | (np.isnan(here) != np.isnan(there)))
    return int(places[differ[0]]) if differ.size else None


def _values(one: Candidate, ticks: TickArray) -> Rates:
    """The curve, nan from where it is refused."""
    values = np.full(ticks.shape, np.nan)
    if one.line is not None:
        runs = ticks < one.line.end
        try:
            values[runs] = one.line(ticks[runs])
        except LrvizError:
            return values
    return values


def ranked(found: Identified, most: int | None) -> Sequence[Candidate]:
    """As many as are asked for; unless that is said, those that are hardly less simple than the first."""
    if most is not None:
        return found.found[:most]
    writer = found.log.format
    most_effort = _effort(found.found[0], writer) + ODD if found.found else 0
    return [one for one in found.found if _effort(one, writer) <= most_effort][:FEW]
