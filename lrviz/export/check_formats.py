"""How the report of a check is written: one function for each format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.export.annotations import annotate
from lrviz.export.check_lines import check_lines
from lrviz.export.documents import check_document, document_text
from lrviz.export.junit import junit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lrviz.checks.verdict import Report

CHECK_FORMATS: dict[str, Callable[[Report], Iterable[str]]] = {
    "text": check_lines,
    "json": lambda report: [document_text(check_document(report))],
    "github": annotate,
    "junit": junit,
}
