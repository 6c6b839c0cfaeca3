"""A curve as a page shows it: its values, how it looks, where it stands on each axis."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lrviz.curves.quantities import others_in
from lrviz.draw.hues import hues_of
from lrviz.draw.theme import DASHES, PALEST
from lrviz.draw.thinning import line_width, swings_of
from lrviz.errors import PlanError
from lrviz.page.embedded import Embedded, embedded
from lrviz.view.place import AXES, ruler_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lrviz.curves.series import Series
    from lrviz.draw.hues import Hue
    from lrviz.draw.scene import Line, Picture
    from lrviz.view.place import Ruler
    from lrviz.view.view import View

HUES = len(DASHES)
"""Colours, and as many kinds of dashes."""
WIDTH = 1000.0
"""Pixels of a usual page, for which cycles are told apart."""
LINE_WIDTH, THINNEST = 2.2, 1.2
MANY = 12
"""More curves than these are drawn thinner."""


@dataclass(frozen=True, eq=False)
class Plotted:
    """``hue`` and ``dash`` are numbers that the style sheet knows; ``opacity`` goes up within a family.

    ``rulers`` has every axis that the run says something of.
    """

    row: Series
    line: Line
    embedded: Embedded
    hue: int
    dash: int
    opacity: float
    width: float
    rulers: Mapping[str, Ruler]


def plotted(rows: Sequence[Series], whole: Picture) -> list[Plotted]:
    """Every curve of a picture of all steps."""
    values = embedded(rows, whole.lines, others_in(rows, whole.view))
    return [
        Plotted(row, line, own, *_look(hue), _width(own, whole), _rulers(row, whole.view))
        for row, line, own, hue in zip(rows, whole.lines, values, hues_of(whole.lines), strict=True)
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
        return round(min(line_width(swings_of(pixels, one.values), usual) for one in own.tracks if one), 2)


def _rulers(row: Series, view: View) -> dict[str, Ruler]:
    found = {}
    for unit in AXES:
        with suppress(PlanError):
            found[unit] = ruler_of(replace(view, x=unit), row.plan)
    return found


def axes_of(curves: Sequence[Plotted]) -> list[str]:
    """What every curve can be seen by."""
    return [unit for unit in AXES if all(unit in one.rulers for one in curves)]
