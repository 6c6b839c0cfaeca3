"""Numbers written near their points, where they have room."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from lrviz.draw import style
from lrviz.draw.placement import Box, around, first_free, nearby, sliding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.draw.canvas import Canvas

DETAIL_GAP: Final = 12.0
REACHES: Final = (11.0, 20.0, 32.0)  # a note stands best at one of these distances from its point
FAR: Final = 80.0  # and still belongs to it at this one
BELOW: Final = 16.0  # from an axis to what is written right below it, clear of a mark on the axis


class Note(NamedTuple):
    """A number in bold, and the longest of ``details`` that has room.

    It stands nearer to its point, in its ``panel``, than to any of the ``rivals``, so that it is not taken to
    be of one of these.
    """

    number: str
    details: Sequence[str]
    color: str
    rivals: Sequence[tuple[float, float]] = ()
    panel: int = 0


def write_note(page: Canvas, point: tuple[float, float], note: Note) -> bool:
    """Write a note near its point, or nothing."""
    panel = note.panel
    x, y = page.path([point[0]], [point[1]], panel)[0]
    others = page.path([rival[0] for rival in note.rivals], [rival[1] for rival in note.rivals], panel)
    ink = page.texts + page.ink
    offers = [_places(page, panel, (x, y), _note_size(note.number, detail)) for detail in note.details]
    for places in zip(*offers, strict=True):
        for detail, boxes in zip(note.details, places, strict=True):
            own = [box for box in boxes if all(_away(box, x, y) <= _away(box, *at) for at in others)]
            box = first_free(own, ink)
            if box:
                _write(page, note, detail, box)
                return True
    return False


def _places(
    page: Canvas, panel: int, point: tuple[float, float], size: tuple[float, float]
) -> Iterator[list[Box]]:
    """Beside the point, farther from it, and in the free strips above the curves and below the axis."""
    (x, y), room = point, page.room(panel)
    near = [box for reach in REACHES for box in around(x, y, size, reach)]
    yield [box for box in near if room.holds(box)]
    yield [box for box in nearby(x, y, size, FAR) if room.holds(box)]
    rows = _row_above(page, panel), _row_below(page, panel, size[1])
    for bottom in sorted(rows, key=lambda bottom: abs(bottom - y)):
        yield sliding(x, bottom, *size, room)


def _row_above(page: Canvas, panel: int) -> float:
    return float(page.path([page.picture.steps[0]], [page.scales[panel].top], panel)[0][1]) + REACHES[0]


def _row_below(page: Canvas, panel: int, height: float) -> float:
    """Lower edge of the row below the axis: that of its title, or the gap to the panel below."""
    bottom = page.layout.panels[panel].bottom
    return page.layout.axis_title if panel == len(page.panels) - 1 else bottom - BELOW - height


def _note_size(number: str, detail: str) -> tuple[float, float]:
    wide, high, _ = style.size(number, style.SUBTITLE_SIZE, bold=True)
    extra, lower, _ = style.size(detail, style.NOTE_SIZE)
    gap = DETAIL_GAP if number and detail else 0.0
    return wide + gap + extra, high if number else lower


def _write(page: Canvas, note: Note, detail: str, box: Box) -> None:
    number, color = note.number, note.color
    depth = style.size("", style.SUBTITLE_SIZE, bold=True)[2] - style.size("", style.NOTE_SIZE)[2]
    if number:
        page.write(number, (box.left, box.bottom), style.SUBTITLE_SIZE, color, bold=True)
    if detail:
        left = box.right - style.size(detail, style.NOTE_SIZE)[0]
        bottom = box.bottom + (depth if number else 0)
        page.write(detail, (left, bottom), style.NOTE_SIZE, page.theme.grey if number else color)


def _away(box: Box, x: float, y: float) -> float:
    """How far a point is from a box."""
    return math.hypot(max(box.left - x, 0.0, x - box.right), max(box.bottom - y, 0.0, y - box.top))
