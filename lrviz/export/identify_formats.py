"""What a log is identified as, in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.export.documents import document_text
from lrviz.export.grid import GRID_FORMATS
from lrviz.export.identify_document import identify_document, identify_grid
from lrviz.export.identify_lines import identify_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lrviz.identification.candidate import Candidate
    from lrviz.identification.identified import Identified
    from lrviz.notation.finding import Finding


def identify_texts(
    found: Identified, shown: Sequence[Candidate], findings: Iterable[Finding], form: str
) -> Iterable[str]:
    """The lines of a format."""
    if form == "text":
        return identify_lines(found, shown)
    if form == "json":
        return [document_text(identify_document(found, shown))]
    return GRID_FORMATS[form](identify_grid(found, shown), findings)
