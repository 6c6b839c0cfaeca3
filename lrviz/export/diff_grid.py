"""A comparison as rows: one for each range of steps that differs, and for each curve of one side alone."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from lrviz.export.annotations import annotate_findings
from lrviz.export.grid import GRID_FORMATS, Cell, Column, cell, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lrviz.compare.difference import Difference, Range
    from lrviz.compare.pairs import Differences
    from lrviz.export.grid import Grid
    from lrviz.notation.finding import Finding


class Row(NamedTuple):
    """Places from ``start`` to ``end`` that differ, most at ``step``; one alone has no values."""

    first: str
    second: str
    start: int | None = None
    end: int | None = None
    step: int | None = None
    here: float | None = None
    there: float | None = None
    difference: float | None = None
    cause: str = ""


def diff_rows(found: Differences, findings: Iterable[Finding], form: str) -> Iterator[str]:
    """The rows in a format that has some; Markdown of no rows is nothing."""
    rows = list(_rows(found))
    if rows or form == "csv":
        yield from GRID_FORMATS[form](_grid(rows), findings)
    elif form == "github":
        yield from annotate_findings(findings)


def _rows(found: Differences) -> Iterator[Row]:
    for pair in found.pairs:
        yield from (_of_range(pair, one) for one in pair.ranges())
        if pair.lengths_differ:
            yield _of_the_longer(pair)
    yield from (Row(label, "", cause=f"only in {side}") for side, label in found.alone)


def _of_range(pair: Difference, one: Range) -> Row:
    return Row(*pair.names, one.first, one.last, one.step, one.here, one.there, one.distance, pair.cause)


def _of_the_longer(pair: Difference) -> Row:
    """The steps, or the values, that only one of both has."""
    here, there = pair.one.ran, pair.other.ran
    longer = "the first" if (pair.one.steps or 0, here) > (pair.other.steps or 0, there) else "the second"
    end = max(pair.one.steps or here, pair.other.steps or there)
    return Row(*pair.names, pair.compared, end - 1, cause=f"only {longer} has them")


def _grid(rows: Iterable[Row]) -> Grid:
    """The columns, also of no rows."""
    columns = dict(zip(Row._fields, zip(*rows, strict=True), strict=False)) or dict.fromkeys(Row._fields, ())
    named = {name: texts(name, columns[name]) for name in ("first", "second", "cause")}
    counted = {name: Column(name, name, [_cell(one) for one in columns[name]]) for name in Row._fields[2:-1]}
    return [{**named, **counted}[name] for name in Row._fields]


def _cell(value: float | None) -> Cell:
    return cell(value if value is None or isfinite(value) else str(value))
