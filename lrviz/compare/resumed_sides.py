"""A run that goes on from a checkpoint, held against its log or another curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.compare.pairs import compare_sides
from lrviz.compare.sides import read_sides, side_of
from lrviz.curves.read import read_words
from lrviz.curves.resuming import resumed_runs
from lrviz.curves.series import series_of
from lrviz.curves.words_as_series import epoch_of
from lrviz.notation.text import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.compare.difference import Measure
    from lrviz.compare.pairs import Differences
    from lrviz.compare.sides import Side
    from lrviz.curves.runs import Flags
    from lrviz.resumption.asked import Resume


def compare_resumed(
    words: Sequence[str], laid: Flags, resume: Resume, quantity: str, measure: Measure
) -> tuple[list[Side], Differences]:
    """The sides: what all words but the last make of the checkpoint, and what the last one stands for.

    Raises:
        LrvizError: one cannot be read or is refused, or what the framework does is not known.

    """
    *plan, last = words
    wanted = read_words(plan)
    runs, _ = resumed_runs(wanted, laid, resume, examples=False)
    rows = series_of(runs, quantity)
    one = side_of(listed(plan), rows)._replace(wanted=wanted)
    length = epoch_of(laid.values.get("steps_per_epoch"), rows)
    (other,) = read_sides([last], laid, quantity, length)
    return [one, other], compare_sides(one, other, measure)
