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
    from lrviz.view.place import Ruler

HUES = 6
"""Colours, and as many kinds of dashes."""
COUNTED = ("", "step", "epoch", "percent")
"""Axes that every page has."""
WIDTH = 1000.0
"""Pixels of a usual page, for which cycles are told apart."""
LINE_WIDTH, THINNEST = 2.2, 1.2
MANY = 12
"""More curves than these are drawn thinner."""
PALEST = 0.35
"""Opacity of the first of a family."""


@dataclass(frozen=True, eq=False)
class Plotted:
    """``hue`` and ``dash`` are numbers that the style sheet knows; ``opacity`` goes up within a family.

    ``ruler`` counts what the script of a page cannot count by itself.
    """

    row: Series
    line: Line
    embedded: Embedded
    hue: int
    dash: int
    opacity: float
    width: float
    ruler: Ruler | None


def plotted(rows: Sequence[Series], whole: Picture, asked: Picture) -> list[Plotted]:
    """Every curve of the ``whole`` picture, by steps; the one that was ``asked`` for may count otherwise."""
    values = embedded(rows, whole.lines)
    rulers = [None if asked.view.x in COUNTED else line.ruler for line in asked.lines]
    return [
        Plotted(row, line, own, hue % HUES, (hue + hue // HUES) % HUES, opacity, _width(own, whole), ruler)
        for row, line, own, ruler, (hue, opacity) in zip(
            rows, whole.lines, values, rulers, _looks(whole.lines), strict=True
        )
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
    """Thinner for one of many curves, and for a curve that swings often."""
    usual = max(LINE_WIDTH * min(MANY / len(picture.lines), 1.0), THINNEST)
    first, stop = picture.steps
    pixels = (own.ticks.astype(np.float64) - first) / (stop - first) * WIDTH
    with np.errstate(all="ignore"):
        return round(line_width(swings_of(pixels, own.values), usual), 2)
