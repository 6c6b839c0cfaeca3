"""Rows of cells as lines of text, which never ask the terminal.

The first column holds the labels. Where the width is too small they are shortened with ``…`` (``~``), down to
eight places; numbers and sparklines are never cut, so the lines may then still be wider.
"""

from __future__ import annotations

import unicodedata
from itertools import accumulate
from typing import TYPE_CHECKING, Literal, TypeAlias

from lrviz.notation.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

Align: TypeAlias = Literal["left", "right"]

_GAP = 2
_SHORTEST_LABEL = 8


def use_unicode(encoding: str | None) -> bool:
    """Tell whether a stream of this encoding can carry blocks and ``…``; an unknown encoding cannot."""
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
    """Return aligned lines, the headers first: two spaces between columns, no box, none at the line's end.

    ``width`` is in places (``None``: any). Raises ``ValueError`` when a row has not one cell per header.
    """
    grid = _fitted([headers, *rows], width, "~" if ascii_only else "…")
    widths = [max(map(text_width, column)) for column in zip(*grid, strict=True)]
    return [_line(cells, widths, aligns) for cells in grid if cells]


def _fitted(lines: Sequence[Sequence[str]], width: int | None, mark: str) -> list[list[str]]:
    """Cells of one line each, labels shortened so that the table fits the width, if that can be."""
    grid = [[one_line(cell) for cell in cells] for cells in lines]
    widths = [max(map(text_width, column)) for column in zip(*grid, strict=True)]
    if width is None or not widths:
        return grid
    others = sum(widths[1:]) + _GAP * len(widths[1:])
    room = min(widths[0], max(width - others, _SHORTEST_LABEL))
    return [[_shortened(cells[0], room, mark), *cells[1:]] for cells in grid]


def _line(cells: Sequence[str], widths: Sequence[int], aligns: Sequence[Align]) -> str:
    padded = []
    for cell, width, align in zip(cells, widths, aligns, strict=True):
        space = " " * (width - text_width(cell))
        padded.append(space + cell if align == "right" else cell + space)
    return (" " * _GAP).join(padded).rstrip()


def _shortened(text: str, width: int, mark: str) -> str:
    """Cut the middle out, to ``width`` places with the mark: names differ at both ends."""
    until = list(accumulate(map(_places, text), initial=0))
    if until[-1] <= width:
        return text
    for kept in range(len(text) - 1, 0, -1):
        head, tail = kept - kept // 2, len(text) - kept // 2
        if until[head] + text_width(mark) + until[-1] - until[tail] <= width:
            return text[:head] + mark + text[tail:]
    return mark


def _places(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
