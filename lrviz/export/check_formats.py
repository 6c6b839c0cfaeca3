"""How the report of a check is written: one function for each format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.export.annotations import annotate
from lrviz.export.check_lines import check_lines
from lrviz.export.documents import check_document, document_text
from lrviz.export.grid import GRID_FORMATS, Column, cell, texts
from lrviz.export.junit import junit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lrviz.checks.verdict import Report
    from lrviz.export.grid import Grid


def _grid(report: Report) -> Grid:
    """A row for each expectation."""
    found = report.outcomes
    places = [one.place for one in found]
    return [
        texts("holds", ("yes" if one.verdict.holds else "no" for one in found)),
        texts("label", (one.label for one in found)),
        texts("expect", (one.asked for one in found)),
        texts("found", (one.verdict.found for one in found)),
        Column("step", "step", [cell(one.verdict.step) for one in found]),
        texts("file", (place.file if place else "" for place in places)),
        Column("line", "line", [cell(place.line if place else None) for place in places]),
    ]


CHECK_FORMATS: dict[str, Callable[[Report], Iterable[str]]] = {
    "text": check_lines,
    "csv": lambda report: GRID_FORMATS["csv"](_grid(report), ()),
    "json": lambda report: [document_text(check_document(report))],
    "markdown": lambda report: GRID_FORMATS["markdown"](_grid(report), ()),
    "github": annotate,
    "junit": junit,
}
WITH_FINDINGS = ("json", "github", "junit")
"""Those that hold the findings too; beside the others these are said on stderr."""
