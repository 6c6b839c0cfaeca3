"""Where the parts of a picture stand, in pixels from its lower left; long text alone moves a margin."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from lrviz.draw import style
from lrviz.draw.placement import Box
from lrviz.draw.ticks import Scale, epoch_marks, span_ticks
from lrviz.errors import OutputError
from lrviz.notation.numbers import epoch_text, grouped, grouped_in
from lrviz.view.place import AXES
from lrviz.view.size import DPI, POINTS, Size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lrviz.draw.scene import Picture

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
GUTTER: Final = 24.0
AXIS_TITLE: Final = 20.0  # lower edge of the name of the step axis, where nothing stands below it
FOOT_ROW: Final = 22.0
MOST_FEET: Final = 3
LEAST_PANEL: Final = 360.0
LEAST_WIDTH: Final = 240.0
LEAST_HEIGHT: Final = 140.0
MOST_TENTHS: Final = 101  # a page ten times as large has room for whatever the smaller one has none for
MANY: Final = 1e9
"""Steps from which on an axis counts them in billions."""
LARGE: Final = ((1e12, "trillions"), (1e9, "billions"), (1e6, "millions"))


class Break(NamedTuple):
    """Where a line may end: the pattern that is left out there, and what it stands for within a line."""

    split: str
    glue: str


WORDS: Final = (Break(" ", " "),)  # not at any run of spaces: two in a row are meant
TERMS: Final = (Break(" · ", " · "), Break(r" (?==)", " "), Break(r" (?=[(/×])", " "), *WORDS)
FOOT_TERMS: Final = (TERMS[0], Break(r"(?<=:) ", " "), *TERMS[1:])


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
    factor, inches = picture.view.points / POINTS, picture.view.inches
    width = (inches[0] * DPI if inches else WIDTH) / factor
    left, margin = _sides(picture, scales, legend)
    right = width - margin
    if right - left < LEAST_WIDTH:
        return None
    room = width - left - GUTTER
    title = _lines(picture.title, room, style.TITLE_SIZE, bold=True)
    subtitle = _lines(grouped_in(picture.subtitle), room, style.SUBTITLE_SIZE, breaks=TERMS)
    feet = _feet(picture.foot, room)
    words = TITLE_ROW * len(title) + SUBTITLE_ROW * len(subtitle)
    above = EPOCH_TOP if picture.steps_per_epoch else PLAIN_TOP
    header = TOP + words + above
    gaps = PANEL_GAP * (len(scales) - 1)
    lower = LOG_PANEL / factor * (len(scales) - 1)
    upper = ((COMPARE_PANEL if len(picture.lines) > 1 else ONE_PANEL) + EPOCH_TOP - above) / factor
    below = FOOTER + FOOT_ROW * len(feet)
    if inches:
        height = inches[1] * DPI / factor
        shares = (height - header - below - gaps) / (upper + lower)
        upper, lower = upper * shares, lower * shares
        least = min(upper, lower / (len(scales) - 1)) if lower else upper
        if least < LEAST_HEIGHT or upper + gaps + lower < LEGEND_ROW * len(legend):
            return None
    else:
        more = max(words - TITLE_ROW - SUBTITLE_ROW, 0.0) + below - FOOTER  # of text than usual
        upper = max(upper - more, LEAST_PANEL / factor, LEGEND_ROW * len(legend) - lower - gaps)
        height = header + upper + gaps + lower + below
    panels, top = [Box(left, height - header - upper, right, height - header)], height - header - upper
    for _ in scales[1:]:
        bottom = top - PANEL_GAP - lower / (len(scales) - 1)
        panels.append(Box(left, bottom, right, top - PANEL_GAP))
        top = bottom
    return Layout(width, height, tuple(panels), title, subtitle, feet)


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


def place_ticks(picture: Picture, panel: Box) -> list[tuple[float, str]]:
    """Return (place, label); the last is the true end."""
    first, stop = picture.steps
    is_whole = picture.view.x not in ("epoch", "percent") or (picture.view.x == "epoch" and stop - first >= 2)
    label = place_label(picture)
    ticks = span_ticks(
        first, stop, lambda t: tick_width(label(t)), panel.right - panel.left, least=1.0 if is_whole else 0.0
    )
    named: dict[str, float] = {}
    for tick in ticks:  # places too close to be told apart are written once
        named.setdefault(label(tick), tick)
    return [(tick, text) for text, tick in named.items()]


def place_label(picture: Picture) -> Callable[[float], str]:
    """How the horizontal axis writes a place; numbers of samples and tokens as its title says."""
    unit, _ = large_unit(picture)
    if picture.view.x == "epoch":
        return epoch_label
    if picture.view.x == "percent":
        return lambda place: f"{place:.7g}%"
    return (lambda place: f"{place / unit:.7g}") if unit > 1 else (lambda place: grouped(int(place)))


def place_title(picture: Picture) -> str:
    """What the horizontal axis counts."""
    _, name = large_unit(picture)
    return AXES[picture.view.x].title + (f", in {name}" if name else "")


def large_unit(picture: Picture) -> tuple[float, str]:
    """What large numbers are counted by: of samples and tokens, and of steps where that loses no digit."""
    x, ends = picture.view.x, picture.steps
    units = (
        (unit, name)
        for unit, name in LARGE
        if (x in ("samples", "tokens") and ends[1] >= unit)
        or (x == "step" and unit >= MANY and _is_exact_in(unit, ends))
    )
    return next(units, (1.0, ""))


def _is_exact_in(unit: float, ends: tuple[float, float]) -> bool:
    """Whether the ends of an axis, which is as long as the unit at least, are written without rounding."""
    return ends[1] - ends[0] >= unit and all(float(f"{end / unit:.7g}") * unit == end for end in ends)


def epoch_ticks(picture: Picture, panel: Box) -> list[tuple[float, str]]:
    """Return (step, label of the epoch at that step); empty when epochs are unknown."""
    per_epoch = picture.steps_per_epoch
    if not per_epoch:
        return []
    return epoch_marks(picture.steps, per_epoch, epoch_label, tick_width, panel.right - panel.left)


def epoch_label(epoch: float) -> str:
    """Return the epoch as a picture writes it: as ``epoch_text``, thousands apart."""
    whole, _, decimals = epoch_text(epoch).partition(".")
    return grouped(int(whole)) + (f".{decimals}" if decimals else "")


def tick_width(text: str) -> float:
    """Width of a label of an axis in pixels."""
    return style.size(text, style.TICK_SIZE)[0]


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


def wrap(text: str, fits: Callable[[str], bool], breaks: Sequence[Break] = WORDS) -> list[str]:
    """Split so that every line fits: at breaks of the first kind, what is still too long at the next kinds.

    What is too long without any break is cut anywhere.
    """
    lines: list[str] = []
    split, glue = breaks[0]
    for part in re.split(split, text):
        for piece in _pieces(part, fits, breaks[1:]):
            if lines and fits(f"{lines[-1]}{glue}{piece}"):
                lines[-1] += f"{glue}{piece}"
            else:
                lines.append(piece)
    return [line.strip() for line in lines if line.strip()]


def _pieces(text: str, fits: Callable[[str], bool], breaks: Sequence[Break]) -> Iterator[str]:
    if breaks and not fits(text):
        yield from wrap(text, fits, breaks)
        return
    start = 0
    while not fits(text[start:]):
        end = start + max(_most(text[start:], _head, fits), 1)
        yield text[start:end]
        start = end
    yield text[start:]


def shorten(text: str, fits: Callable[[str], bool]) -> str:
    """Cut the middle out of a text too long, as names differ at both ends: ``torch.Mul…gamma=0.1``."""
    if fits(text):
        return text
    return _without_middle(text, _most(text, _without_middle, fits))


def _head(text: str, kept: int) -> str:
    return text[:kept]


def _without_middle(text: str, kept: int) -> str:
    return f"{text[: kept - kept // 2]}…{text[len(text) - kept // 2 :]}"


def _most(text: str, cut: Callable[[str, int], str], fits: Callable[[str], bool]) -> int:
    """Return how many characters ``cut`` may keep of a text that does not fit as a whole."""
    return max(bisect_left(range(len(text)), 1, key=lambda kept: int(not fits(cut(text, kept)))) - 1, 0)
