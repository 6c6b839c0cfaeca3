"""Where the parts of a picture stand, in pixels from its lower left; long text alone moves a margin."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from lrviz.draw.page_texts import (
    EPOCH_TOP,
    FOOT_ROW,
    FOOTER,
    GUTTER,
    HANDLE,
    SUBTITLE_ROW,
    TITLE_ROW,
    texts_of,
)
from lrviz.draw.place_texts import epoch_label, place_label, tick_width
from lrviz.draw.placement import Box
from lrviz.errors import OutputError
from lrviz.view.size import DPI, POINTS, Size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.draw.page_texts import Legend, Texts
    from lrviz.draw.scene import Picture
    from lrviz.draw.ticks import Scale
    from lrviz.view.view import View

WIDTH: Final = 1280.0
LEFT: Final = 138.0  # room for most numbers, so that pictures side by side line up
RIGHT: Final = 58.0
ONE_PANEL: Final = 488.0
COMPARE_PANEL: Final = 480.0
LOG_PANEL: Final = 270.0
PANEL_GAP: Final = 44.0
LEGEND_WIDTH: Final = 340.0
LEAST_LEGEND: Final = 120.0
LEGEND_GAP: Final = 4.0  # from the name of the axis to a legend below it
AXIS_TITLE: Final = 20.0  # lower edge of the name of the step axis, where nothing stands below it
LEAST_PANEL: Final = 360.0
LEAST_WIDTH: Final = 240.0
LEAST_HEIGHT: Final = 140.0
MOST_TENTHS: Final = 101  # a page ten times as large has room for whatever the smaller one has none for


@dataclass(frozen=True)
class Layout:
    """The page: its size, its panels from top to bottom, and the lines of its header."""

    width: float
    height: float
    panels: tuple[Box, ...]
    title: tuple[str, ...]
    subtitle: tuple[str, ...]
    footer: tuple[str, ...] = ()
    legend_below: float = 0.0  # the height of a legend between the axis and the footer
    has_epochs: bool = False

    @property
    def axis_title(self) -> float:
        """Lower edge of the name of the step axis, above the legend and the footer."""
        return AXIS_TITLE + FOOT_ROW * len(self.footer) + self.legend_below

    @property
    def legend_corner(self) -> tuple[float, float]:
        """The upper left of the legend: right of the upper panel, or below all of them."""
        if self.legend_below:
            return GUTTER, self.axis_title - LEGEND_GAP
        return self.panels[0].right + GUTTER, self.panels[0].top


def lay_out(picture: Picture, scales: Sequence[Scale], legend: Legend, *, in_full: bool = False) -> Layout:
    """Give every part its room, in pixels of a page on which the text has its usual size.

    Long labels widen a margin; legends and very long headers the whole page, unless that has a size: there
    the texts are as short as they must be, or ``in_full``.

    Raises:
        OutputError: its size leaves no room for the curves.

    """
    found = _fitted(picture, scales, legend, 1 if in_full else None)
    if found is None:
        raise _no_room(picture, scales, legend)
    return found


def _fitted(
    picture: Picture, scales: Sequence[Scale], legend: Legend, most: int | None = None
) -> Layout | None:
    """The page, if its size leaves room for the curves, with one of the ``most`` longest texts."""
    inches = picture.view.inches
    width = (inches[0] * DPI if inches else WIDTH) / _factor(picture.view)
    left, margin = _sides(picture, scales, legend)
    right = width - margin
    if right - left < LEAST_WIDTH or (legend.below and width - GUTTER < legend.right):
        return None
    for texts in islice(texts_of(picture, width - left - GUTTER, legend), most):
        heights = _heights(picture, texts, len(scales), legend.height)
        if heights:
            return _stacked(texts, heights, width, (left, right))
    return None


def _stacked(texts: Texts, heights: Sequence[float], width: float, sides: tuple[float, float]) -> Layout:
    """The page with its panels between its header and its footer."""
    height = texts.above + sum(heights) + PANEL_GAP * (len(heights) - 1) + texts.below
    panels, top = [], height - texts.above
    for one in heights:
        panels.append(Box(sides[0], top - one, sides[1], top))
        top -= one + PANEL_GAP
    lines = texts.title, texts.subtitle, texts.feet
    return Layout(width, height, tuple(panels), *lines, texts.legend, texts.has_epochs)


def _heights(picture: Picture, texts: Texts, panels: int, legend: float) -> list[float]:
    """How high each panel is; none where the size of the page leaves no room for them or the legend."""
    factor, inches = _factor(picture.view), picture.view.inches
    upper = (COMPARE_PANEL if len(picture.lines) > 1 else ONE_PANEL) + EPOCH_TOP - texts.axis
    usual = [one / factor for one in (upper, *[LOG_PANEL] * (panels - 1))]
    gaps = PANEL_GAP * (panels - 1)
    if inches is None:
        more = max(texts.words - TITLE_ROW - SUBTITLE_ROW, 0.0) + texts.below - FOOTER  # of text than usual
        least = max(LEAST_PANEL / factor, legend - sum(usual[1:]) - gaps)
        return [max(usual[0] - more, least), *usual[1:]]
    room = inches[1] * DPI / factor - texts.above - texts.below - gaps
    heights = [one * room / sum(usual) for one in usual]
    return [] if min(heights) < LEAST_HEIGHT or room + gaps < legend else heights


def _factor(view: View) -> float:
    """How many times as large as usual the text is."""
    return view.points / POINTS


def legend_width(view: View, *, below: bool = False) -> float:
    """How long a text of a legend may be: its share of a page, of a narrow one what the curves leave."""
    if view.inches is None:
        return LEGEND_WIDTH
    page = view.inches[0] * DPI / _factor(view)
    width = page - 2 * GUTTER - HANDLE
    share = LEGEND_WIDTH * max(page / WIDTH, 1.0)
    return width if below else min(share, max(LEAST_LEGEND, width - LEFT - LEAST_WIDTH))


def _no_room(picture: Picture, scales: Sequence[Scale], legend: Legend) -> OutputError:
    """The refusal of a page too small for its text, with a size that is large enough."""
    view = picture.view
    inches = view.inches or (WIDTH / DPI, WIDTH / DPI)
    factors = (tenths / 10 for tenths in range(11, MOST_TENTHS))
    views = (replace(view, size=_times(inches, factor)) for factor in factors)
    larger = _first_fitting(picture, scales, legend, views)
    if larger is None or larger.inches is None:
        return OutputError("the text leaves no room for the curves", hint="give a smaller <font_size=4>")
    points = (replace(view, font_size=float(size)) for size in range(int(view.points), 3, -1))
    smaller = _first_fitting(picture, scales, legend, points)
    text = f"a page of {_inches(*inches)} has no room for the curves beside text of {view.points:g} points"
    font = f", or a smaller <font_size={smaller.points:g}>" if smaller else ""
    return OutputError(text, hint=f"give <size={_inches(*larger.inches)}>{font}")


def _times(inches: tuple[float, float], factor: float) -> Size:
    """The page so many times as large, in tenths of an inch."""
    wide, high = (math.ceil(side * factor * 10 - 1e-9) / 10 for side in inches)
    return Size(wide, high)


def _first_fitting(
    picture: Picture, scales: Sequence[Scale], legend: Legend, views: Iterator[View]
) -> View | None:
    """The first of these that has room for the curves."""
    return next((view for view in views if _fitted(replace(picture, view=view), scales, legend)), None)


def _inches(wide: float, high: float) -> str:
    return f"{wide:.4g}x{high:.4g}in"


def _sides(picture: Picture, scales: Sequence[Scale], legend: Legend) -> tuple[float, float]:
    """Width of the margins left and right of the panels."""
    values = max(tick_width(text) for scale in scales for text in scale.texts)
    first, stop = (tick_width(place_label(picture)(end)) for end in picture.steps)
    if picture.steps_per_epoch:
        ends = [tick_width(epoch_label(step / picture.steps_per_epoch)) for step in picture.steps]
        first, stop = max(first, ends[0]), max(stop, ends[1])
    left = max(LEFT, 72 + values, 92 + first / 2)
    right = max(RIGHT, 12 + stop / 2)
    if legend.texts and not legend.below:
        right = max(right, GUTTER + legend.right)
    return left, right
