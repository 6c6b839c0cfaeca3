"""The legend beside curves that have no room for a name each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from lrviz.draw import style
from lrviz.draw.drawn import MOST_OF_FAMILY, is_family
from lrviz.draw.page_texts import HANDLE
from lrviz.draw.place_texts import tick_width
from lrviz.draw.wrapping import shorten_apart
from lrviz.notation.numbers import grouped, lr_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.draw.canvas import Canvas
    from lrviz.draw.drawn import Curve
    from lrviz.draw.scene import Line

    Row = tuple[Curve | None, str]

MOST_ROWS: Final = 60
SAME: Final = "= "
"""In front of the name of a curve that is drawn like the one above."""


def rows_of(curves: Sequence[Curve], width: float) -> list[Row]:
    """One row for every name, of very many for as many as a page can hold, evenly spread.

    The curve, whose handle stands there, and the text, no longer than ``width``; what is drawn like the row
    above has no handle.
    """
    ordered = sorted(curves, key=lambda curve: (curve.line.mean != curve.line.mean, -curve.line.mean))
    named = [(curve, name) for curve in ordered for name in curve.names]
    most = min(len(named), MOST_OF_FAMILY if is_family(curves) else MOST_ROWS)
    shown = [named[i] for i in np.linspace(0, len(named) - 1, most).round().astype(int)]
    peaks = [_peak(curve.line) if is_family(curves) else "" for curve, _ in shown]
    same = tick_width(SAME) if any(len(curve.names) > 1 for curve, _ in shown) else 0.0
    room = width - same - max(map(tick_width, peaks))
    names = shorten_apart([name for _, name in shown], lambda part: tick_width(part) <= room)
    texts = [f"{name}{peak}" for name, peak in zip(names, peaks, strict=True)]
    rows: list[Row] = []
    for (curve, _), (above, _), text in zip(shown, [(None, ""), *shown], texts, strict=False):
        rows.append((None, f"{SAME}{text}") if curve is above else (curve, curve.with_cycles(text)))
    left_out = len(named) - len(shown)
    return [*rows, (None, f"and {grouped(left_out)} more")] if left_out else rows


def _peak(line: Line) -> str:
    return f"  {lr_text(line.peak[1])}" if line.peak else ""


def add_handle(page: Canvas, curve: Curve, left: float, y: float) -> None:
    """A piece of the curve as it is drawn on the page."""
    width, height = page.layout.width, page.layout.height
    ends = (left / width, (left + HANDLE - 10) / width)
    page.figure.add_artist(
        style.sample(page.drawn.get(curve.look, curve.look), ends, y / height, points=curve.line.points)
    )
