"""How a comparison is written: one function for each format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.export.diff_document import diff_document
from lrviz.export.diff_lines import diff_lines
from lrviz.export.documents import document_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lrviz.compare.pairs import Differences

DIFF_FORMATS: dict[str, Callable[[Differences], Iterable[str]]] = {
    "text": diff_lines,
    "json": lambda found: [document_text(diff_document(found))],
}
