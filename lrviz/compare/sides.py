"""The two sides of a comparison: a word, or what Python has, as the curves it stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lrviz.compare.track import track_of, track_of_column
from lrviz.curves.logged import series_of_log
from lrviz.curves.read import read_words
from lrviz.curves.runs import Flags, runs_by_word
from lrviz.curves.series import series_of
from lrviz.curves.wanted import is_kept, is_log
from lrviz.curves.words_as_series import epoch_of
from lrviz.errors import SpecError
from lrviz.inputs.own.own_word import own_word
from lrviz.inputs.words import is_at_revision, is_config, is_there
from lrviz.notation.nearest import nearest
from lrviz.notation.text import few

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


def side_of(name: str, rows: Sequence[Series]) -> Side:
    """Curves that are there already."""
    return Side(name, [track_of(row) for row in rows], list(rows))


def read_sides(words: Sequence[str], laid: Flags, quantity: str) -> list[Side]:
    """The curves of each word; a spec runs as long as the file that is beside it.

    Raises:
        LrvizError: one cannot be read, is refused, or has no curve of the label that is asked for.

    """
    if words.count("-") > 1:
        raise SpecError("- can be read once: it is stdin", hint="name a file on the other side")
    split = [_label_of(word) for word in words]
    wanted = [read_words([word]) for word, _ in split]
    sides = zip(words, wanted, _rows(wanted, laid, quantity), split, strict=True)
    return [_side(word, items, rows, label) for word, items, rows, (_, label) in sides]


def _label_of(word: str) -> tuple[str, str]:
    """``run.toml:base`` is the curve called base of that file."""
    if own_word(word):
        return word, ""
    own = 2 if is_at_revision(word) else 0  # colons that are no label's
    for place in [at for at, letter in enumerate(word) if letter == ":"][own:]:
        if is_config(word[:place]) and not is_there(word):
            return word[:place], word[place + 1 :]
    return word, ""


def _rows(wanted: Sequence[Sequence[Wanted]], laid: Flags, quantity: str) -> Iterator[list[Series]]:
    """The schedules of each side."""
    items = [item for side in wanted for item in side]
    runs = iter(runs_by_word(items, laid, examples=False))
    found = [series_of([run for _ in side for run in next(runs)], quantity) for side in wanted]
    epoch = epoch_of(laid.values.get("steps_per_epoch"), [row for side in found for row in side])
    for side, rows in zip(wanted, found, strict=True):
        told = [row for item in side if is_log(item) for row in series_of_log(item, epoch, quantity)]
        yield [*rows, *told]


def _side(word: str, items: Sequence[Wanted], rows: list[Series], label: str) -> Side:
    tracks = [track_of(row) for row in rows]
    for item in items:
        if is_kept(item):
            tracks += [track_of_column(item, column) for column in item.columns]
    if not label:
        return Side(word, tracks, rows)
    names = [{row.label, row.family, row.title, row.group} for row in rows]
    names = names or [{track.label} for track in tracks]
    chosen = [place for place, called in enumerate(names) if label in called]
    if not chosen:
        labels = list(dict.fromkeys(track.label for track in tracks))
        near = nearest(label, labels)
        hint = f"did you mean {near}?" if near else f"it has {few(labels)}"
        raise SpecError(f"{word}: no curve is called {label!r}", hint=hint)
    return Side(word, [tracks[place] for place in chosen], [rows[place] for place in chosen if rows])
