"""A curve as a page shows it: its values, how it looks, where it stands on each axis."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lrviz.curves.quantities import others_in
from lrviz.draw.hues import hues_of
from lrviz.draw.theme import DASHES, PALEST
from lrviz.draw.thinning import line_width
from lrviz.errors import PlanError
from lrviz.page.embedded import Embedded, embedded
from lrviz.view.place import AXES, ruler_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lrviz.curves.series import Series
    from lrviz.draw.hues import Hue
    from lrviz.draw.scene import Line, Picture
    from lrviz.page.embedded import Track
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

    @property
    def name(self) -> str:
        """Its label, and how many cycles it has where they cannot be counted."""
        return " · ".join(filter(None, [self.row.label, self.line.cycles]))

    @property
    def has_band(self) -> bool:
        """Whether its cycles are too narrow for the values that the page has."""
        return any(track.band for track in self.embedded.tracks if track)


def having(curves: Sequence[Plotted], index: int) -> list[tuple[Plotted, Track]]:
    """The curves that have one of the quantities of the page."""
    return [(one, track) for one in curves if (track := one.embedded.tracks[index])]


def plotted(rows: Sequence[Series], whole: Picture, asked: Picture) -> list[Plotted]:
    """Every curve of a picture of all steps, with more values in the part that was asked for."""
    values = embedded(rows, whole, asked, others_in(rows, whole.view))
    return [
        _plotted(row, line, own, hue, asked)
        for row, line, own, hue in zip(rows, whole.lines, values, hues_of(whole.lines), strict=True)
    ]


def _plotted(row: Series, line: Line, own: Embedded, hue: Hue, asked: Picture) -> Plotted:
    """One of them: thinner among many; a pale one lets the ground through; dense cycles have no dashes."""
    rounds, color = divmod(hue.number, HUES)
    usual = usual_width(asked)
    width = _width(own, usual, asked)
    is_dense = width < usual or any(one.band for one in own.tracks if one)
    return Plotted(
        row,
        line,
        own,
        hue=color,
        dash=0 if is_dense else (color + rounds) % HUES,
        opacity=1 - (1 - hue.depth) * PALEST,
        width=round(width, 2),
        rulers=_rulers(row, asked.view),
    )


def usual_width(picture: Picture) -> float:
    """That of a smooth curve: of many it is thinner."""
    return max(LINE_WIDTH * min(MANY / len(picture.lines), 1.0), THINNEST)


def _width(own: Embedded, usual: float, picture: Picture) -> float:
    """Thinner for a curve that swings often, unless that is a band."""
    first, stop = picture.steps
    cycles = [one.bands[-1].cycle for one in own.tracks if one and one.bands]
    return min(
        (line_width(cycle / (stop - first) * WIDTH, usual) for cycle in cycles if cycle), default=usual
    )


def _rulers(row: Series, view: View) -> dict[str, Ruler]:
    found = {}
    for unit in AXES:
        with suppress(PlanError):
            found[unit] = ruler_of(replace(view, x=unit), row.plan)
    return found


def axes_of(curves: Sequence[Plotted]) -> list[str]:
    """What every curve can be seen by."""
    return [unit for unit in AXES if all(unit in one.rulers for one in curves)]
