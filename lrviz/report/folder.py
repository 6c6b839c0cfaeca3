"""The files of a report, each as its bytes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from lrviz.curves.labels import column_names, file_names
from lrviz.curves.picture import picture_of
from lrviz.curves.samples import values_at
from lrviz.curves.series import common_epoch
from lrviz.draw.image import render
from lrviz.export.csv_text import csv_text
from lrviz.export.documents import check_document, curves_document, document_text
from lrviz.export.grid import GRID_FORMATS
from lrviz.export.rows import Table
from lrviz.report.page import page_text
from lrviz.report.summary import summary_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.curves.series import Series
    from lrviz.report.contents import Contents

MOST_ROWS = 1000
"""Steps whose values stand in a table; ``lrviz values`` writes more."""
PAGE = "index.html"
SUMMARY = "summary.md"


def files_of(contents: Contents, formats: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file: the pictures in each format, the numbers, the page and the summary.

    Raises:
        OutputError: a curve that no axis can show.

    """
    names = [name for name, _ in contents.pictures]
    shown = [[f"{file}.{suffix}" for suffix in formats] for file in file_names(names)]
    for (_, rows), files in zip(contents.pictures, shown, strict=True):
        picture = picture_of(rows, "lr")
        yield from ((file, render(picture, suffix)) for file, suffix in zip(files, formats, strict=True))
    texts = {
        "curves.json": f"{document_text(curves_document(contents.rows, contents.report.findings))}\n",
        "check.json": f"{document_text(check_document(contents.report))}\n",
        "facts.csv": "".join(f"{line}\n" for line in GRID_FORMATS["csv"](contents.table, ())),
        "values.csv": _values(contents.rows),
        SUMMARY: summary_text(contents),
    }
    yield from ((name, text.encode()) for name, text in texts.items())
    yield PAGE, page_text(contents, list(zip(names, shown, strict=True)), texts).encode()


def _values(rows: Sequence[Series]) -> str:
    """Evenly spread steps from the first to the last; the value of a run that is over is nan."""
    steps = max(row.steps for row in rows)
    at = np.linspace(0, steps - 1, min(MOST_ROWS, steps)).round()
    columns = tuple(partial(values_at, row) for row in rows)
    table = Table(tuple(column_names([row.label for row in rows])), columns, common_epoch(rows), steps)
    return "".join(csv_text(table, [at]))
