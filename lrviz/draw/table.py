"""Rows of cells as lines of text, which never ask the terminal.

The first column holds the labels. Where the width is too small they are shortened with ``…`` (``~``), down to
eight places and never so that two come out alike; numbers and sparklines are never cut, so the lines may then
still be wider.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Literal, TypeAlias

from lrviz.notation.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Align: TypeAlias = Literal["left", "right"]

_GAP = 2
_SHORTEST_LABEL = 8


def use_unicode(encoding: str | None) -> bool:
    """Whether a stream of this encoding can carry blocks and ``…``; an unknown encoding cannot."""
    try:
        "▁█…".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def text_width(text: str) -> int:
    """Count terminal places: two for wide East Asian characters, none for marks that combine."""
    return sum(map(_places, text))


def plain_table(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    aligns: Sequence[Align],
    *,
    width: int | None,
    ascii_only: bool = False,
) -> list[str]:
    """Aligned lines, the headers first: two spaces between columns, no box, none at the line's end.

    ``width`` is in places (``None``: any).

    Raises:
        ValueError: a row has not one cell for each header.

    """
    grid = _fitted([headers, *rows], width, "~" if ascii_only else "…")
    widths = [max(map(text_width, column)) for column in zip(*grid, strict=True)]
    return [_line(cells, widths, aligns) for cells in grid if cells]


def words_table(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    width: int | None,
    heading: Callable[[str], str] = str,
) -> list[str]:
    """Columns of words below their headers, or where that has no room each row on its own."""
    head, *lines = plain_table(headers, rows, ["left"] * len(headers), width=None)
    if width is None or max(map(text_width, (head, *lines))) <= width:
        return [heading(head), *lines]
    return [line for row in rows for line in _record(headers, row, width)]


def _record(headers: Sequence[str], row: Sequence[str], width: int) -> list[str]:
    """The cells of a row, all but the first behind their headers."""
    from textwrap import wrap

    cells = zip(headers[1:], row[1:], strict=True)
    facts = "; ".join(f"{head}: {cell}" for head, cell in cells if cell)
    text = "  ".join(filter(None, map(one_line, (row[0], facts))))
    return wrap(text, width, subsequent_indent=" " * 4, break_on_hyphens=False, break_long_words=False)


def _fitted(lines: Sequence[Sequence[str]], width: int | None, mark: str) -> list[list[str]]:
    """Cells of one line each, labels shortened so that the table fits the width, if that can be."""
    grid = [[one_line(cell) for cell in cells] for cells in lines]
    widths = [max(map(text_width, column)) for column in zip(*grid, strict=True)]
    if width is None or not widths:
        return grid
    others = sum(widths[1:]) + _GAP * len(widths[1:])
    labels = shortened([cells[0] for cells in grid], max(width - others, _SHORTEST_LABEL), mark)
    return [[label, *cells[1:]] for label, cells in zip(labels, grid, strict=True)]


def _line(cells: Sequence[str], widths: Sequence[int], aligns: Sequence[Align]) -> str:
    padded = []
    for cell, width, align in zip(cells, widths, aligns, strict=True):
        space = " " * (width - text_width(cell))
        padded.append(space + cell if align == "right" else cell + space)
    return (" " * _GAP).join(padded).rstrip()


def shortest(labels: Sequence[str]) -> int:
    """The places that labels need at least to stay apart."""
    widest = max(map(text_width, labels), default=0)
    different = len(set(labels))
    widths = range(min(_SHORTEST_LABEL, widest), widest)
    return next((width for width in widths if _apart(labels, width, "…", different)), widest)


def shortened(labels: Sequence[str], width: int, mark: str) -> list[str]:
    """Each with a part cut out, to ``width`` places with the mark: where they are alike, else not at all.

    Names differ at both ends, as a rule.
    """
    different = len(set(labels))
    widest = max(map(text_width, labels), default=0)
    tried = (_apart(labels, room, mark, different) for room in range(width, widest))
    return next(filter(None, tried), list(labels))


def _apart(labels: Sequence[str], width: int, mark: str, different: int) -> list[str] | None:
    """The labels cut to a width at the first place that leaves all of them different."""
    room = width - text_width(mark)
    if room < 1:
        return None
    for tail in dict.fromkeys((room // 2, room // 4, 3 * room // 4, 0, room)):
        found = [_without(label, room - tail, tail, mark) for label in labels]
        if len(set(found)) == different:
            return found
    return None


def _without(text: str, head: int, tail: int, mark: str) -> str:
    """So many places of both ends, the mark in between; a text that is no longer as it is."""
    if text.isascii():
        return text if len(text) <= head + tail + len(mark) else text[:head] + mark + text[len(text) - tail :]
    until = list(accumulate(map(_places, text), initial=0))
    if until[-1] <= head + tail + text_width(mark):
        return text
    start = bisect_right(until, head) - 1
    return text[:start] + mark + text[bisect_left(until, until[-1] - tail) :]


def _places(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
