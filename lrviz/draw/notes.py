"""Numbers written near their points, where they have room."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from lrviz.draw import style
from lrviz.draw.placement import STRIDE, Box, around, free, nearby, sliding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.draw.canvas import Canvas

DETAIL_GAP: Final = 12.0
REACHES: Final = (11.0, 20.0, 32.0)  # a note stands best at one of these distances from its point
FAR: Final = 80.0  # and still belongs to it at this one
FARTHER: Final = (120.0, 160.0, 240.0)  # a line leads from the point to a note at one of these
SEEN: Final = 2.0  # by how much nearer to its point than to another it is seen to be
BELOW: Final = 16.0  # from an axis to what is written right below it, clear of a mark on the axis


class Note(NamedTuple):
    """A number in bold, and the longest of ``details`` that has room.

    It stands nearer to its point, in its ``panel``, than to any pixel of the ``rivals``, so that it is not
    taken to be of one of these; or it ``leads`` to its point by a line, as every note does that is far away.
    """

    number: str
    details: Sequence[str]
    color: str
    rivals: Sequence[tuple[float, float]] = ()
    panel: int = 0
    leads: bool = False


def write_note(page: Canvas, point: tuple[float, float], note: Note) -> bool:
    """Write a note near its point, or nothing."""
    at, ink = page.pixel(point, note.panel), page.texts + page.ink
    for detail, boxes in _offers(page, at, note):
        for box in free(boxes, ink):
            if not _needs_line(page, note, at, box) or page.lead(at, box, note.color):
                _write(page, note, detail, box)
                return True
    return False


def _offers(page: Canvas, point: tuple[float, float], note: Note) -> Iterator[tuple[str, list[Box]]]:
    """Each detail with places for it, the best first: without a line, near with one, far."""
    sizes = [_note_size(note.number, detail) for detail in note.details]
    led = ((_close, True),) if note.leads else ()
    for places, leads in ((_close, False), *led, (_far, note.leads)):
        for stage in zip(*(places(page, note.panel, point, size) for size in sizes), strict=True):
            for detail, boxes in zip(note.details, stage, strict=True):
                yield (
                    detail,
                    boxes if leads else [box for box in boxes if _is_nearest(box, point, note.rivals)],
                )


def _is_nearest(box: Box, point: tuple[float, float], rivals: Sequence[tuple[float, float]]) -> bool:
    return all(_away(box, *point) + SEEN < _away(box, *rival) for rival in rivals)


def _needs_line(page: Canvas, note: Note, point: tuple[float, float], box: Box) -> bool:
    """Whether a note is far or nearer to another point; one below the axis stands by its end."""
    is_inside = box.bottom >= page.layout.panels[note.panel].bottom
    return is_inside and (_away(box, *point) > FAR or not _is_nearest(box, point, note.rivals))


def _close(
    page: Canvas, panel: int, point: tuple[float, float], size: tuple[float, float]
) -> Iterator[list[Box]]:
    """Beside the point, and farther from it."""
    (x, y), room = point, page.room(panel)
    near = [box for reach in REACHES for box in around(x, y, size, reach)]
    yield [box for box in near if room.holds(box)]
    yield [box for box in nearby(x, y, size, FAR) if room.holds(box)]


def _far(
    page: Canvas, panel: int, point: tuple[float, float], size: tuple[float, float]
) -> Iterator[list[Box]]:
    """Below the axis where that is near, far from the point, and in the free strip above the curves."""
    (x, y), room = point, page.room(panel)
    below = sliding(x, _row_below(page, panel, size[1]), *size, room)
    yield [box for box in below if _away(box, x, y) < FARTHER[0]]
    for reach in FARTHER:
        yield [box for box in nearby(x, y, size, reach, 2 * STRIDE) if room.holds(box)]
    yield sliding(x, _row_above(page, panel), *size, room)


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
