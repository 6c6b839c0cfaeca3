"""How a comparison is written: one function for each format."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lrviz.export.diff_document import diff_document
from lrviz.export.diff_grid import diff_rows
from lrviz.export.diff_lines import diff_lines
from lrviz.export.documents import document_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lrviz.compare.pairs import Differences
    from lrviz.notation.finding import Finding

DIFF_FORMATS: dict[str, Callable[[Differences, Iterable[Finding]], Iterable[str]]] = {
    "text": lambda found, _: diff_lines(found),
    "csv": partial(diff_rows, form="csv"),
    "json": lambda found, _: [document_text(diff_document(found))],
    "markdown": partial(diff_rows, form="markdown"),
    "github": partial(diff_rows, form="github"),
}
