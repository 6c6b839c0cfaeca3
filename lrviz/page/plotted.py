"""A curve as a page shows it: its values, how it looks, where it stands on each axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lrviz.draw.thinning import line_width, swings_of
from lrviz.page.embedded import Embedded, embedded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.curves.series import Series
    from lrviz.draw.scene import Line, Picture

HUES = 6
"""Colours, and as many kinds of dashes."""
WIDTH = 1000.0
"""Pixels of a usual page, for which cycles are told apart."""
LINE_WIDTH = 2.2
PALEST = 0.35
"""Opacity of the first of a family."""


@dataclass(frozen=True, eq=False)
class Plotted:
    """``hue`` and ``dash`` are numbers that the style sheet knows; ``opacity`` goes up within a family."""

    row: Series
    line: Line
    embedded: Embedded
    hue: int
    dash: int
    opacity: float
    width: float


def plotted(rows: Sequence[Series], picture: Picture) -> list[Plotted]:
    """Every curve of the picture."""
    values = embedded(rows, picture.lines)
    looks = _looks(picture.lines)
    return [
        Plotted(row, line, own, hue % HUES, (hue + hue // HUES) % HUES, opacity, _width(own, picture))
        for row, line, own, (hue, opacity) in zip(rows, picture.lines, values, looks, strict=True)
    ]


def _looks(lines: Sequence[Line]) -> list[tuple[int, float]]:
    """Hues by family, a line without one being its own; the first of a family is pale."""
    families: dict[object, list[int]] = {}
    for index, line in enumerate(lines):
        families.setdefault(line.family or index, []).append(index)
    looks = {
        index: (hue, 1.0 if len(family) == 1 else PALEST + (1 - PALEST) * place / (len(family) - 1))
        for hue, family in enumerate(families.values())
        for place, index in enumerate(family)
    }
    return [looks[index] for index in range(len(lines))]


def _width(own: Embedded, picture: Picture) -> float:
    """Thinner for a curve that swings often."""
    first, stop = picture.steps
    pixels = (own.ticks.astype(np.float64) - first) / (stop - first) * WIDTH
    with np.errstate(all="ignore"):
        return round(line_width(swings_of(pixels, own.values), LINE_WIDTH), 2)
