"""Where the parts of a picture stand, in pixels from its lower left; long text alone moves a margin."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from lrviz.draw import style
from lrviz.draw.place_texts import epoch_label, place_label, tick_width
from lrviz.draw.placement import Box
from lrviz.draw.wrapping import FOOT_TERMS, TERMS, WORDS, wrap
from lrviz.errors import OutputError
from lrviz.notation.numbers import grouped_in
from lrviz.view.size import DPI, POINTS, Size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.draw.scene import Picture
    from lrviz.draw.ticks import Scale
    from lrviz.draw.wrapping import Break
    from lrviz.view.view import View

WIDTH: Final = 1280.0
LEFT: Final = 138.0  # room for most numbers, so that pictures side by side line up
RIGHT: Final = 58.0
FOOTER: Final = 90.0
TITLE_ROW: Final = 40.0
SUBTITLE_ROW: Final = 30.0
TOP: Final = 14.0
PLAIN_TOP: Final = 24.0
EPOCH_TOP: Final = 58.0
ONE_PANEL: Final = 488.0
COMPARE_PANEL: Final = 480.0
LOG_PANEL: Final = 270.0
PANEL_GAP: Final = 44.0
LEGEND_ROW: Final = 32.0
HANDLE: Final = 98.0  # the piece of line before a legend's text, long enough for the longest dash
LEGEND_WIDTH: Final = 340.0
LEAST_LEGEND: Final = 120.0
GUTTER: Final = 24.0
AXIS_TITLE: Final = 20.0  # lower edge of the name of the step axis, where nothing stands below it
FOOT_ROW: Final = 22.0
MOST_FEET: Final = 3
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

    @property
    def axis_title(self) -> float:
        """Lower edge of the name of the step axis, above the footer."""
        return AXIS_TITLE + FOOT_ROW * len(self.footer)


class Texts(NamedTuple):
    """The lines above and below the panels, and the pixels that they take with the axes."""

    title: tuple[str, ...]
    subtitle: tuple[str, ...]
    feet: tuple[str, ...]
    axis: float  # above the panels

    @property
    def words(self) -> float:
        """Of the header."""
        return TITLE_ROW * len(self.title) + SUBTITLE_ROW * len(self.subtitle)

    @property
    def above(self) -> float:
        """Of all above the panels."""
        return TOP + self.words + self.axis

    @property
    def below(self) -> float:
        """Of all below them."""
        return FOOTER + FOOT_ROW * len(self.feet)


def lay_out(picture: Picture, scales: Sequence[Scale], legend: Sequence[str]) -> Layout:
    """Give every part its room, in pixels of a page on which the text has its usual size.

    Long labels widen a margin; legends and very long headers the whole page, unless that has a size.

    Raises:
        OutputError: its size leaves no room for the curves.

    """
    found = _fitted(picture, scales, legend)
    if found is None:
        raise _no_room(picture, scales, legend)
    return found


def _fitted(picture: Picture, scales: Sequence[Scale], legend: Sequence[str]) -> Layout | None:
    """The page, if its size leaves room for the curves."""
    inches = picture.view.inches
    width = (inches[0] * DPI if inches else WIDTH) / _factor(picture.view)
    left, margin = _sides(picture, scales, legend)
    right = width - margin
    if right - left < LEAST_WIDTH:
        return None
    texts = _texts(picture, width - left - GUTTER)
    heights = _heights(picture, texts, len(scales), LEGEND_ROW * len(legend))
    if not heights:
        return None
    height = texts.above + sum(heights) + PANEL_GAP * (len(heights) - 1) + texts.below
    panels, top = [], height - texts.above
    for one in heights:
        panels.append(Box(left, top - one, right, top))
        top -= one + PANEL_GAP
    return Layout(width, height, tuple(panels), texts.title, texts.subtitle, texts.feet)


def _texts(picture: Picture, room: float) -> Texts:
    title = _lines(picture.title, room, style.TITLE_SIZE, bold=True)
    subtitle = _lines(grouped_in(picture.subtitle), room, style.SUBTITLE_SIZE, breaks=TERMS)
    return Texts(
        title, subtitle, _feet(picture.foot, room), EPOCH_TOP if picture.steps_per_epoch else PLAIN_TOP
    )


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


def legend_width(view: View) -> float:
    """How long a text of a legend may be: on a narrow page as long as leaves room for the curves."""
    if view.inches is None:
        return LEGEND_WIDTH
    width = view.inches[0] * DPI / _factor(view)
    spare = width - LEFT - LEAST_WIDTH - 2 * GUTTER - HANDLE
    return min(LEGEND_WIDTH, max(LEAST_LEGEND, spare))


def _no_room(picture: Picture, scales: Sequence[Scale], legend: Sequence[str]) -> OutputError:
    """The refusal of a page too small for its text, with a size that is large enough."""
    view = picture.view
    inches = view.inches or (WIDTH / DPI, WIDTH / DPI)
    for tenths in range(11, MOST_TENTHS):
        wide, high = (math.ceil(side * tenths) / 10 for side in inches)
        size = Size(wide, high)
        if _fitted(replace(picture, view=replace(view, size=size)), scales, legend) is None:
            continue
        text = (
            f"a page of {_inches(*inches)} has no room for the curves beside text of {view.points:g} points"
        )
        return OutputError(
            text, hint=f"give <size={_inches(wide, high)}>, or a smaller <font_size={POINTS / 2:g}>"
        )
    return OutputError("the text leaves no room for the curves", hint="give a smaller <font_size=4>")


def _inches(wide: float, high: float) -> str:
    return f"{wide:.4g}x{high:.4g}in"


def _sides(picture: Picture, scales: Sequence[Scale], legend: Sequence[str]) -> tuple[float, float]:
    """Width of the margins left and right of the panels."""
    values = max(tick_width(text) for scale in scales for text in scale.texts)
    first, stop = (tick_width(place_label(picture)(end)) for end in picture.steps)
    if picture.steps_per_epoch:
        ends = [tick_width(epoch_label(step / picture.steps_per_epoch)) for step in picture.steps]
        first, stop = max(first, ends[0]), max(stop, ends[1])
    left = max(LEFT, 72 + values, 92 + first / 2)
    right = max(RIGHT, 12 + stop / 2)
    if legend:
        right = max(right, 2 * GUTTER + HANDLE + max(map(tick_width, legend)))
    return left, right


def _feet(terms: Sequence[str], room: float) -> tuple[str, ...]:
    """The lines of the footer; of very many terms the first."""
    text, more = " · ".join(terms), " …"
    lines = _lines(text, room, style.NOTE_SIZE, breaks=FOOT_TERMS)
    if len(lines) <= MOST_FEET:
        return lines
    lines = _lines(text, room - style.size(more, style.NOTE_SIZE)[0], style.NOTE_SIZE, breaks=FOOT_TERMS)
    return (*lines[: MOST_FEET - 1], lines[MOST_FEET - 1] + more)


def _lines(
    text: str, width: float, points: float, *, bold: bool = False, breaks: Sequence[Break] = WORDS
) -> tuple[str, ...]:
    return tuple(
        wrap(style.clean(text), lambda part: style.size(part, points, bold=bold)[0] <= width, breaks)
    )
