"""The two sides of a comparison: a word, or what Python has, as the curves it stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lrviz.compare.by_batches import by_batches
from lrviz.compare.track import track_of, track_of_column
from lrviz.curves.logged import series_of_log
from lrviz.curves.read import read_words
from lrviz.curves.runs import Flags, runs_by_word
from lrviz.curves.series import series_of
from lrviz.curves.wanted import is_kept, is_log
from lrviz.curves.words_as_series import epoch_of
from lrviz.inputs.words import check_stdin

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.compare.track import Track
    from lrviz.curves.series import Series
    from lrviz.curves.wanted import Wanted


class Side(NamedTuple):
    """What one word stands for: its curves, and of schedules the series, in the same order."""

    name: str
    tracks: list[Track]
    rows: list[Series]
    wanted: Sequence[Wanted] = ()


def side_of(name: str, rows: Sequence[Series]) -> Side:
    """Curves that are there already."""
    return Side(name, [track_of(row) for row in rows], list(rows))


def read_sides(words: Sequence[str], laid: Flags, quantity: str, epoch: float | None = None) -> list[Side]:
    """The curves of each word; a spec runs as long as the file that is beside it.

    ``epoch`` is its length in a log, where that is another than the sides have.

    Raises:
        LrvizError: one cannot be read, is refused, or has no curve of the label that is asked for.

    """
    check_stdin(words, "name a file on the other side")
    return make_sides(words, [read_words([word]) for word in words], laid, quantity, epoch)


def make_sides(
    words: Sequence[str],
    wanted: Sequence[Sequence[Wanted]],
    laid: Flags,
    quantity: str,
    epoch: float | None = None,
) -> list[Side]:
    """The sides of words that were read already."""
    sides = zip(words, wanted, _rows(wanted, laid, quantity, epoch), strict=True)
    return [_side(word, items, rows) for word, items, rows in sides]


def _rows(
    wanted: Sequence[Sequence[Wanted]], laid: Flags, quantity: str, epoch: float | None
) -> Iterator[list[Series]]:
    """The schedules of each side."""
    items = [item for side in wanted for item in side]
    runs = iter(runs_by_word(items, laid, examples=False))
    own = [[run for _ in side for run in next(runs)] for side in wanted]
    if any(is_log(item) and item.counts_epochs for item in items):
        own = [[by_batches(run) for run in side] for side in own]
    found = [series_of(side, quantity) for side in own]
    epoch = epoch or epoch_of(laid.values.get("steps_per_epoch"), [row for side in found for row in side])
    for side, rows in zip(wanted, found, strict=True):
        logged = [row for item in side if is_log(item) for row in series_of_log(item, epoch, quantity)]
        yield [*rows, *logged]


def _side(word: str, items: Sequence[Wanted], rows: list[Series]) -> Side:
    tracks = [track_of(row) for row in rows]
    for item in items:
        if is_kept(item):
            tracks += [track_of_column(item, column) for column in item.columns]
    return Side(word, tracks, rows, items)
