"""What of a curve an axis can show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.draw.ticks import SMALLEST
from lrviz.errors import OutputError
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from lrviz.curves.series import Series

LARGEST = 1e300
"""Beyond this an axis has no ticks."""


def check_range(row: Series) -> None:
    """Refuse what no axis can show.

    Raises:
        OutputError: its greatest value is too large, or too small.

    """
    found = row.facts
    far = max(abs(found.peak), abs(found.low))
    if far and not SMALLEST <= far <= LARGEST:
        value = lr_text(max(found.peak, found.low, key=abs))
        hint = "lrviz show and lrviz values tell its numbers"
        raise OutputError(f"{row.label} reaches {value}, which no axis can show", hint=hint)
