"""What a log is identified as, in lines for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.identification.identified import FEWEST
from lrviz.identification.sights import sights
from lrviz.inputs.logs.columns import LATER
from lrviz.notation.numbers import counted
from lrviz.notation.text import few, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.identification.candidate import Candidate, Range
    from lrviz.identification.identified import Identified

NOT_SOUGHT = (
    "what moves on a metric or a gradient, functions and code of one's own, phases that are no lines, "
    "and numbers that are not usual and that no shape of the curve tells"
)
MOST_NAMES = 6
"""Other specs of one curve that are listed."""


def identify_lines(found: Identified, shown: Sequence[Candidate]) -> Iterator[str]:
    """The log, then each schedule that has all its rows."""
    rows = counted(int(found.seen.values.size), "row")
    first, last = found.seen.ticks[[0, -1]]
    yield (
        f"{found.log.name}: {found.column.name}, {rows} at {found.column.unit}s {first:g} to {last:g}, "
        f"{found.column.precision}"
    )
    is_few = found.seen.values.size < FEWEST
    if not shown:
        yield f"so few decide nothing: {LATER}" if is_few else "nothing that is looked for reproduces it"
    if not shown or found.seen.is_rise:
        yield from (f"  it {sight}" for sight in sights(found.seen))
    if not shown and not is_few:
        yield f"  not looked for: {NOT_SOUGHT}"
    if found.seen.is_stairs:
        yield "  it may be of a scheduler that moves on a metric (plateau), which no log of the LR can tell"
    for place, one in enumerate(shown):
        yield one.text
        yield from (f"  {line}" for line in _lines(found, one, is_first=not place))
    more = len(found.found) - len(shown)
    if more > 0:
        yield f"{counted(more, 'more schedule')} that would do: --top {len(found.found)}"


def _lines(found: Identified, one: Candidate, *, is_first: bool) -> Iterator[str]:
    yield f"has every row; {counted(one.numbers, 'number')} found, so {_decide(found.deciding(one))}"
    yield offset_text(found, one)
    yield from map(range_text, one.ranges)
    if not is_first:
        yield parting_text(found, one)
    if one.same:
        yield f"the same curve: {few([_name(one, same) for same in one.same], MOST_NAMES)}"


def _name(one: Candidate, same: str) -> str:
    """Another schedule of the curve: by its name, where its numbers are the same."""
    name, _, params = same.partition(":")
    return name if params == one.text.partition(":")[2] else same


def _decide(rows: int) -> str:
    return f"{counted(rows, 'row')} decide{'s' if rows == 1 else ''}" if rows else "no row decides"


def offset_text(found: Identified, one: Candidate) -> str:
    """Which update a row holds the LR of, and who writes it so."""
    unit, others = found.column.unit, sorted({one.shift, *one.shifts})
    if len(others) > 1:
        return f"row x may be {unit} {listed([_of_x(shift) for shift in others])}, counted from 0"
    writer = next((offset.writer for offset in found.column.offsets if offset.shift == one.shift), "")
    return f"row x is {unit} {_of_x(one.shift)}, counted from 0" + (f": {writer}" if writer else "")


def _of_x(shift: int) -> str:
    return f"x{shift:+}" if shift else "x"


def range_text(one: Range) -> str:
    """Numbers that do as well."""
    if one.high is None:
        return f"{one.key}: any from {one.low:g} on"
    return f"{one.key}: {one.low:g} to {one.high:g} do as well"


def parting_text(found: Identified, one: Candidate) -> str:
    """Which further row would tell it from the first."""
    at = found.parts_at(one)
    if at is None:
        return "no row can tell it from the first"
    return f"a row at {at} would tell it from the first"
