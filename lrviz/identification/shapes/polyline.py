"""Straight lines from point to point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.identification.corners import corners_of, lines_of
from lrviz.identification.guess import Guess
from lrviz.identification.roundness import digits, simplest
from lrviz.notation.rendering import render_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.identification.corners import Line
    from lrviz.identification.guess import Numbers
    from lrviz.identification.seen import Seen
    from lrviz.notation.spec import Params

IS_GENERAL = True
ROWS_OF_EACH = 5
"""Rows for each line on average, before any curve is taken for lines."""


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """Points at the corners, at both ends, and beyond the last row where that is rounder."""
    lines = lines_of(seen)
    corners = corners_of(lines)
    if not corners or ROWS_OF_EACH * len(lines) > seen.values.size:
        return
    end = total or min(_ends(lines[-1], seen), key=lambda tick: _oddness(lines[-1], tick, seen))
    ticks = list(dict.fromkeys((round(float(seen.ticks[0])), *map(round, corners), end)))
    rates = {f"lr_{tick}": tick for tick in ticks}

    def write(numbers: Numbers) -> Params:
        return (("points", tuple(f"{tick}:{render_value(numbers[key])}" for key, tick in rates.items())),)

    top = min(rates, key=lambda key: abs(rates[key] - seen.ticks[seen.top_at]))
    scaled = (top, *(key for key in rates if key != top))
    yield Guess("points", scaled=scaled, in_run=True, write=write, read_off=len(ticks))


def _ends(line: Line, seen: Seen) -> Iterator[int]:
    """Where the last line may end: where it comes to 0, if that is before another row, or as rows come."""
    if line.slope < 0 and seen.last <= line.zero <= max(seen.ends):
        yield round(line.zero)
    yield from seen.ends


def _oddness(line: Line, tick: int, seen: Seen) -> int:
    """Digits of the last point, if it stands there."""
    value, slack = line.at(tick), float(seen.slack[-1])
    return digits(simplest(value - slack, value + slack)) + digits(tick)
