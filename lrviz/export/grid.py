"""Columns of few rows, as several commands print them: exact for programs, short for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from lrviz.notation.finding import Finding

NONE = "-"
"""What people read where there is no value."""


class Cell(NamedTuple):
    """A value as a program reads it, in all its digits, and as people do."""

    exact: str
    text: str


class Column(NamedTuple):
    """A column; one without a ``name`` is for people alone, ``title`` heads it for them."""

    name: str
    title: str
    cells: Sequence[Cell]
    align: Literal["left", "right"] = "right"


Grid: TypeAlias = "Sequence[Column]"


def cell(value: str | float | None, *, exact: bool = True) -> Cell:
    """A value; a number that is not ``exact`` is marked."""
    if value is None:
        return Cell("", NONE)
    if isinstance(value, (str, int)):
        return Cell(str(value), str(value))
    return Cell(repr(value), lr_text(value) if exact else f"≈{lr_text(value)}")


def texts(name: str, values: Iterable[str]) -> Column:
    """A column of words."""
    return Column(name, name, [Cell(value, value) for value in values], "left")


def text_rows(grid: Grid) -> Iterator[list[str]]:
    """Its cells row by row, as people read them."""
    return ([one.text for one in cells] for cells in zip(*(column.cells for column in grid), strict=True))


def _csv(grid: Grid, _findings: Iterable[Finding]) -> Iterator[str]:
    from lrviz.export.csv_text import csv_line

    named = [column for column in grid if column.name]
    yield csv_line(column.name for column in named)
    for cells in zip(*(column.cells for column in named), strict=True):
        yield csv_line(one.exact for one in cells)


def _markdown(grid: Grid, _findings: Iterable[Finding]) -> Iterator[str]:
    from lrviz.export.markdown_text import markdown_lines

    titles, aligns = [column.title for column in grid], [column.align for column in grid]
    return markdown_lines(titles, aligns, text_rows(grid))


def _github(grid: Grid, findings: Iterable[Finding]) -> Iterator[str]:
    from lrviz.export.annotations import annotate_findings

    yield from _markdown(grid, findings)
    yield from annotate_findings(findings)


GRID_FORMATS: dict[str, Callable[[Grid, Iterable[Finding]], Iterator[str]]] = {
    "csv": _csv,
    "markdown": _markdown,
    "github": _github,
}
FORMATS = ("text", "csv", "json", "markdown", "github")
"""What the commands print that have few rows."""
