"""A curve as a page shows it: its values, how it looks, where it stands on each axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lrviz.draw.hues import hues_of
from lrviz.draw.theme import DASHES, PALEST
from lrviz.draw.thinning import line_width, swings_of
from lrviz.page.embedded import Embedded, embedded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.curves.series import Series
    from lrviz.draw.hues import Hue
    from lrviz.draw.scene import Line, Picture
    from lrviz.view.place import Ruler

HUES = len(DASHES)
"""Colours, and as many kinds of dashes."""
COUNTED = ("", "step", "epoch", "percent")
"""Axes that every page has."""
WIDTH = 1000.0
"""Pixels of a usual page, for which cycles are told apart."""
LINE_WIDTH, THINNEST = 2.2, 1.2
MANY = 12
"""More curves than these are drawn thinner."""


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
        Plotted(row, line, own, *_look(hue), _width(own, whole), ruler)
        for row, line, own, ruler, hue in zip(
            rows, whole.lines, values, rulers, hues_of(whole.lines), strict=True
        )
    ]


def _look(hue: Hue) -> tuple[int, int, float]:
    """Its colour, its dashes, and its opacity: a pale one lets the ground through."""
    rounds, color = divmod(hue.number, HUES)
    return color, (color + rounds) % HUES, 1 - (1 - hue.depth) * PALEST


def _width(own: Embedded, picture: Picture) -> float:
    """Thinner for one of many curves, and for a curve that swings often."""
    usual = max(LINE_WIDTH * min(MANY / len(picture.lines), 1.0), THINNEST)
    first, stop = picture.steps
    pixels = (own.ticks.astype(np.float64) - first) / (stop - first) * WIDTH
    with np.errstate(all="ignore"):
        return round(line_width(swings_of(pixels, own.values), usual), 2)
