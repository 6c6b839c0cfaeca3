"""A length that nobody tells but a log by its rows: the one that makes them those of the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.compare.pairs import compare_sides
from lrviz.compare.sides import make_sides, read_sides
from lrviz.curves.wanted import is_log
from lrviz.notation.finding import Finding
from lrviz.notation.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.compare.difference import Measure
    from lrviz.compare.pairs import Differences
    from lrviz.compare.sides import Side
    from lrviz.curves.runs import Flags


def compare_words(
    words: Sequence[str], laid: Flags, quantity: str, measure: Measure
) -> tuple[list[Side], Differences]:
    """The sides that two words stand for, held against each other.

    Raises:
        LrvizError: one cannot be read or is refused, no two curves belong together, or it cannot be told.

    """
    one, other = sides = read_sides(words, laid, quantity)
    found = compare_sides(one, other, measure)
    steps = _length_by_rows(sides, found)
    if steps is None:
        return sides, found
    origins = {**laid.origins, "steps": Origin("derived", "the rows of the log")}
    longer = laid._replace(values={**laid.values, "steps": steps}, origins=origins)
    one, other = again = make_sides(words, [side.wanted for side in sides], longer, quantity)
    fitted = compare_sides(one, other, measure)
    text = f"steps {steps}: nobody says how long the run is, and the rows of the log are those of that length"
    return (again, fitted.noted(Finding("log-length", "note", text))) if fitted.equal else (sides, found)


def _length_by_rows(sides: Sequence[Side], found: Differences) -> int | None:
    """Another length that explains a log which says none, where the plan has its length from there."""
    logs = [item for side in sides for item in side.wanted if is_log(item) and not item.total]
    names = {f"the run of {log.name}" for log in logs}
    steps = [row.run.origins.get("steps") for side in sides for row in side.rows if row.run]
    if not logs or any(given is None or given.origin.text not in names for given in steps):
        return None
    causes = [cause for pair in found.pairs for cause in pair.causes]
    numbers = {cause.there if cause.id == "total" else None for cause in causes}
    number = numbers.pop() if len(numbers) == 1 else None
    return None if number is None else int(number)
