"""How large a page is: ``3.25x2in``, ``1280x720px``, or a word for a usual one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

DPI: Final = 160
"""Pixels of an inch, where nobody says how many."""
POINTS: Final = 9.0
"""Of the text at the axes, where nobody says how large it is; the other texts go with it."""
LARGEST: Final = 100.0
"""Inches of a side."""
MOST_PIXELS: Final = 50_000_000
"""Of a page."""
_PER_INCH: Final[Mapping[str, float]] = {"in": 1.0, "cm": 2.54, "mm": 25.4}
_TYPED = re.compile(r"(\d+(?:\.\d+)?|\.\d+)[x×](\d+(?:\.\d+)?|\.\d+)(in|cm|mm|px)", re.ASCII)


class Size(NamedTuple):
    """Width and height of a page in inches, or in pixels; and the points of its text, if it has its own."""

    width: float
    height: float
    in_pixels: bool = False
    points: float | None = None

    def inches(self, dpi: float) -> tuple[float, float]:
        """Width and height on paper."""
        return (self.width / dpi, self.height / dpi) if self.in_pixels else (self.width, self.height)


SIZES: Final[Mapping[str, Size]] = {
    "slide": Size(40 / 3, 7.5, points=16.0),
    "column": Size(3.25, 2.6, points=7.0),
}
"""A slide of 16:9, and the column of a paper."""


def size_of(text: str) -> Size | None:
    """Read a size; None where it is none."""
    typed = "".join(text.lower().split())
    if typed in SIZES:
        return SIZES[typed]
    found = _TYPED.fullmatch(typed)
    if found is None:
        return None
    width, height, unit = float(found[1]), float(found[2]), found[3]
    if unit == "px":
        is_whole = width == int(width) and height == int(height)
        return Size(width, height, in_pixels=True) if is_whole and width and height else None
    sides = width / _PER_INCH[unit], height / _PER_INCH[unit]
    return Size(*sides) if min(sides) > 0 and max(sides) <= LARGEST else None
