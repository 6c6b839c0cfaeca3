"""Rows of cells as lines of text (pipes, logs) or as a rich table (a terminal); neither asks the terminal.

The first column holds the labels. Where the width is too small they are shortened with ``…`` (``~``), down to
eight places; numbers and sparklines are never cut, so the lines may then still be wider.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

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
    grid = [[_one_line(cell) for cell in cells] for cells in (headers, *rows)]
    columns = list(zip(*grid, strict=True))
    widths = [max(map(text_width, column)) for column in columns]
    if width is not None and widths:
        others = sum(widths[1:]) + _GAP * len(widths[1:])
        widths[0] = min(widths[0], max(width - others, _SHORTEST_LABEL))
    mark = "~" if ascii_only else "…"
    return [
        _line([_shortened(cells[0], widths[0], mark), *cells[1:]], widths, aligns) for cells in grid if cells
    ]


def rich_table(headers: Sequence[str], rows: Sequence[Sequence[str]], aligns: Sequence[Align]) -> Table:
    """Return the same table for a terminal that can show ``…``: bold headers, no box, labels never wrapped.

    Print it with ``crop=False``, or rich cuts numbers where the terminal is narrower than the table.
    """
    from rich.cells import cell_len  # noqa: PLC0415  (rich loads only where a terminal is written to)
    from rich.table import Table  # noqa: PLC0415  (the same)
    from rich.text import Text  # noqa: PLC0415  (the same)

    grid = [[_one_line(cell) for cell in cells] for cells in (headers, *rows)]
    table = Table(box=None, header_style="bold", padding=(0, _GAP, 0, 0), pad_edge=False)
    for place, (column, align) in enumerate(zip(zip(*grid, strict=True), aligns, strict=True)):
        widest = max(map(cell_len, column))
        shortest = widest if place else min(widest, _SHORTEST_LABEL)
        # Text, because a string would be read as markup and lose the brackets of [30].
        table.add_column(Text(column[0]), justify=align, min_width=shortest, overflow="ellipsis")
    for cells in grid[1:]:
        table.add_row(*(Text(cell, no_wrap=True, overflow="ellipsis") for cell in cells))
    return table


def _line(cells: Sequence[str], widths: Sequence[int], aligns: Sequence[Align]) -> str:
    padded = []
    for cell, width, align in zip(cells, widths, aligns, strict=True):
        space = " " * (width - text_width(cell))
        padded.append(space + cell if align == "right" else cell + space)
    return (" " * _GAP).join(padded).rstrip()


def _shortened(text: str, width: int, mark: str) -> str:
    """Cut to ``width`` places, the mark included."""
    if text_width(text) <= width:
        return text
    kept = ""
    for character in text:
        if text_width(kept + character + mark) > width:
            break
        kept += character
    return kept + mark


def _one_line(cell: str) -> str:
    """Replace what would break the line or command the terminal (newline, tab, escape) by a space."""
    return "".join(" " if unicodedata.category(character) == "Cc" else character for character in cell)


def _places(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
