"""Every expectation against every curve it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.checks.judges import judge
from lrviz.checks.verdict import Outcome
from lrviz.errors import LrvizError, SpecError
from lrviz.notation.nearest import near_hint
from lrviz.notation.text import few

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lrviz.curves.series import Series
    from lrviz.notation.expectation import Expectation


def outcomes_of(expectations: Iterable[Expectation], rows: Sequence[Series]) -> list[Outcome]:
    """What comes of each, for each of its curves.

    Raises:
        LrvizError: no curve has the label, or it cannot be told.

    """
    return [_outcome(one, row) for one in dict.fromkeys(expectations) for row in _meant(one, rows)]


def _meant(expectation: Expectation, rows: Sequence[Series]) -> list[Series]:
    """The curves it is about: of a file's own those of the file, of a label's those of the label."""
    label, place = expectation.label, expectation.place
    own = [
        row
        for row in rows
        if place is None or (row.run and row.run.place and row.run.place.file == place.file)
    ]
    found = [row for row in own if label in ("", row.label, row.family, row.title)]
    if not found:
        labels = list(dict.fromkeys(row.label for row in own))
        hint = near_hint(label, labels, f"the curves are {few(labels)}")
        where = f"{place}: " if place else ""
        raise SpecError(f"{where}{str(expectation)!r}: no curve is called {label!r}", hint=hint)
    return found


def _outcome(expectation: Expectation, row: Series) -> Outcome:
    place = expectation.place or (row.run.place if row.run else None)
    asked = str(expectation.claim)
    try:
        return Outcome(row.label, asked, judge(expectation.claim, row), place)
    except LrvizError as error:
        error.about(": ".join(map(str, filter(None, [expectation.place, row.label, asked]))))
        raise
