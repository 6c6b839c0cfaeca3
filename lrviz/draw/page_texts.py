"""The lines above and below the panels of a picture, and its legend: as short as the page has room for."""

from __future__ import annotations

from bisect import bisect
from typing import TYPE_CHECKING, Final, NamedTuple

from lrviz.draw import style
from lrviz.draw.place_texts import tick_width
from lrviz.draw.wrapping import FOOT_TERMS, TERMS, WORDS, wrap
from lrviz.notation.numbers import counted, grouped_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.draw.scene import Picture
    from lrviz.draw.wrapping import Break

TITLE_ROW: Final = 40.0
SUBTITLE_ROW: Final = 30.0
TOP: Final = 14.0
PLAIN_TOP: Final = 24.0
EPOCH_TOP: Final = 58.0
FOOTER: Final = 90.0
FOOT_ROW: Final = 22.0
MOST_FEET: Final = 3
MOST_TITLES: Final = 2  # lines of a headline that nobody asked for
LEGEND_ROW: Final = 32.0
HANDLE: Final = 98.0  # the piece of line before a legend's text, long enough for the longest dash
GUTTER: Final = 24.0


class Legend(NamedTuple):
    """The texts of a legend, and whether it stands below the panels, not beside them."""

    texts: Sequence[str] = ()
    below: bool = False

    @property
    def height(self) -> float:
        """Of all its rows."""
        return LEGEND_ROW * len(self.texts)

    @property
    def right(self) -> float:
        """How far its longest row reaches from where its gutter begins."""
        return GUTTER + HANDLE + max(map(tick_width, self.texts), default=0.0)


class Texts(NamedTuple):
    """The lines above and below the panels, and the pixels that they take with the axes."""

    title: tuple[str, ...]
    subtitle: tuple[str, ...]
    feet: tuple[str, ...]
    has_epochs: bool
    legend: float = 0.0  # below the panels

    @property
    def axis(self) -> float:
        """Of the axis above the panels."""
        return EPOCH_TOP if self.has_epochs else PLAIN_TOP

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
        return FOOTER + FOOT_ROW * len(self.feet) + self.legend


def texts_of(picture: Picture, room: float, legend: Legend) -> Iterator[Texts]:
    """All that there is to say; then, for where that has no room, less and less of it.

    A headline of the names of the curves counts them, the footer is its first line, the epochs go.
    """
    title = _lines(picture.title, room, style.TITLE_SIZE, bold=True)
    if len(title) > MOST_TITLES:
        title = _short_title(picture, title)
    subtitle = _lines(grouped_in(picture.subtitle), room, style.SUBTITLE_SIZE, breaks=TERMS)
    feet, foot = (_feet(picture.foot, room, most) for most in (MOST_FEET, 1))
    below = legend.height if legend.below else 0.0
    full = Texts(title, subtitle, feet, bool(picture.steps_per_epoch), below)
    yield full
    short = full._replace(title=_short_title(picture, title))
    yield short
    yield short._replace(feet=foot)
    yield short._replace(feet=foot, has_epochs=False)


def _short_title(picture: Picture, title: tuple[str, ...]) -> tuple[str, ...]:
    """A headline that nobody asked for names curves, which are named beside them as well."""
    is_needed = picture.view.title is not None or len(picture.lines) == 1 or picture.view.legend == "none"
    if is_needed or len(title) == 1:
        return title
    return (f"{len(picture.lines)} curves",)


def _feet(terms: Sequence[str], room: float, most: int) -> tuple[str, ...]:
    """The lines of the footer: its terms, or the first ones and how many more there are."""

    def lines(kept: int) -> tuple[str, ...]:
        left = "more note" if kept else "note"
        rest = [counted(len(terms) - kept, left)] if kept < len(terms) else []
        return _lines(" · ".join([*terms[:kept], *rest]), room, style.NOTE_SIZE, breaks=FOOT_TERMS)

    if len(whole := lines(len(terms))) <= most:
        return whole
    return lines(bisect(range(len(terms)), most, key=lambda kept: len(lines(kept + 1))))


def _lines(
    text: str, width: float, points: float, *, bold: bool = False, breaks: Sequence[Break] = WORDS
) -> tuple[str, ...]:
    return tuple(
        wrap(style.clean(text), lambda part: style.size(part, points, bold=bold)[0] <= width, breaks)
    )
