"""Points of curves that are marked and named: the peak and the last value, chosen steps, where one stops."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from lrviz.draw.canvas import RING
from lrviz.draw.notes import Note, write_note
from lrviz.draw.place_texts import epoch_label
from lrviz.errors import OutputError
from lrviz.notation.numbers import grouped, lr_text

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from lrviz.draw.canvas import Canvas
    from lrviz.draw.drawn import Curve
    from lrviz.draw.scene import Line, Picture
    from lrviz.draw.theme import Look
    from lrviz.view.view import View

Mark: TypeAlias = tuple[int, float]
"""A step and its value."""
Pixel: TypeAlias = tuple[float, float]
WIDE: Final = 16
"""Inches of a page that has room for more values than others."""
SAME: Final = 2.0
"""Pixels by which two points of a curve that look equally high may differ."""


def mark_curve(page: Canvas, curve: Curve) -> None:
    """Mark what is to be marked of the only curve of a picture.

    Raises:
        OutputError: a value that is to be written has no room.

    """
    line, look = curve.line, curve.look
    marks = [
        (name, mark)
        for name, mark in _marks(line)
        if page.picture.view.marks or (line.stop is not None and name != "peak")
    ]
    for name, mark in marks:
        if line.stop and name != "peak":
            page.cross(*_end(line), look.color)
        else:
            page.ring(*_point(line, mark), look.color)
    named = [mark for name, mark in marks if not line.stop or name == "peak"]
    write_marked(page, [curve], but=named)
    for name, mark in marks:
        note = Note(f"{name} {lr_text(mark[1])}", _when(page.picture, name, mark[0]), look.text)
        is_written = _write_own(page, line, mark, note)
        if not is_written and mark in named and mark in line.marked:
            raise _no_room_for(curve, mark, page.picture.view)
    scale = page.scales[0]
    left_at = scale.left_at(line.x, line.y)
    if left_at is not None:
        below = Note("", (f"below {lr_text(scale.low)}",), look.text)
        write_note(page, (left_at, scale.low), below)


def mark_below(page: Canvas, line: Line, look: Look, panel: int) -> None:
    """Mark the peak and the last value of another quantity, and name them where they have room."""
    marks = [(name, mark) for name, mark in _marks(line) if page.picture.view.marks and not line.stop]
    for _, mark in marks:
        page.ring(*_point(line, mark), look.color, panel)
    for name, mark in marks:
        when = _when(page.picture, name, mark[0])
        _write_own(page, line, mark, Note(f"{name} {lr_text(mark[1])}", when, look.text, panel=panel))


def _write_own(page: Canvas, line: Line, mark: Mark, note: Note) -> bool:
    """Write a note nearer to its point than to others of the curve that are as high, or with a line to it."""
    point = _point(line, mark)
    rivals = _as_high(page, line, point, note.panel)
    return write_note(page, point, note._replace(rivals=rivals, leads=True))


def _as_high(page: Canvas, line: Line, point: tuple[float, float], panel: int) -> list[tuple[float, float]]:
    """The nearest pixels on both sides where the curve, having left the height of a point, is back at it.

    Of cycles so narrow that their tops are not told apart none is another.
    """
    curve, (own, height) = page.path(line.x, line.y, panel), page.pixel(point, panel)
    found = []
    for side in (curve[curve[:, 0] > own], curve[curve[:, 0] < own][::-1]):
        is_high = np.abs(side[:, 1] - height) < SAME
        is_back = is_high & np.logical_or.accumulate(~is_high)
        found += side[is_back][:1].tolist()
    return [(x, y) for x, y in found if abs(x - own) > 2 * RING]


def write_marked(page: Canvas, curves: Sequence[Curve], but: Container[Mark] = ()) -> None:
    """Write the values at the steps that are to be marked, ``but`` those that have a name.

    Raises:
        OutputError: one has no room.

    """
    written = [(curve, mark) for curve in curves for mark in curve.line.marked if mark not in but]
    for curve, mark in written:
        page.ring(*_point(curve.line, mark), curve.look.color)
    placed = [(curve, page.pixel(_point(curve.line, mark))) for curve, mark in written]
    for (curve, mark), (_, at) in sorted(zip(written, placed, strict=True), key=lambda one: -one[1][1][1]):
        rivals, when = _rivals(curve, at, placed), (f"step {grouped(mark[0])}",)
        note = Note(lr_text(mark[1]), when, curve.look.text, rivals, leads=True)
        if not write_note(page, _point(curve.line, mark), note):
            raise _no_room_for(curve, mark, page.picture.view)


def _rivals(curve: Curve, point: Pixel, marked: Sequence[tuple[Curve, Pixel]]) -> list[Pixel]:
    """The marks that a note of one could be taken for: of those that lie over it the ones of its colour."""
    return [
        at
        for other, at in marked
        if math.dist(at, point) > RING or (other is not curve and other.look.text == curve.look.text)
    ]


def _no_room_for(curve: Curve, mark: Mark, view: View) -> OutputError:
    text = f"no room for the value of {curve.names[0]} at step {mark[0]}"
    fewer = f"give <mark={mark[0]}> alone" if len(curve.line.marked) > 1 else "draw fewer curves"
    is_wide = view.inches is not None and view.inches[0] >= WIDE
    return OutputError(text, hint=fewer if is_wide else f"{fewer}, or <size={WIDE}x10in>")


def _point(line: Line, mark: Mark) -> tuple[float, float]:
    """Where a mark stands."""
    return line.ruler.place(float(mark[0])), mark[1]


def _end(line: Line) -> tuple[float, float]:
    """Where its drawing ends, which of stairs is behind the last step."""
    return float(line.x[-1]), float(line.y[-1])


def _marks(line: Line) -> list[tuple[str, Mark]]:
    """Name and point of what an axis can show of the peak and the last value."""
    return [(name, mark) for name, mark in line.marks if math.isfinite(mark[1])]


def _when(picture: Picture, name: str, step: int) -> tuple[str, ...]:
    """What is said of a mark besides its value, from long to short."""
    stop = picture.lines[0].stop
    if stop and name != "peak":
        return (_stop_text(stop[0]),)
    short = f"step {grouped(step)}"
    if name == "last" or not picture.steps_per_epoch:  # the epoch of the last step stands on the axis
        return short, ""
    return f"{short} (epoch {epoch_label(step / picture.steps_per_epoch)})", short, ""


def _stop_text(step: int) -> str:
    return f"stops at step {grouped(step)}"


def mark_stops(page: Canvas, curves: Sequence[Curve], *, named: bool) -> None:
    """Mark where curves of a comparison stop, each in its colour; say so where they are ``named``.

    Of so few it is marked too where one goes on past its planned end, of which the footer tells.
    """
    for curve in curves:
        if named and curve.line.planned:
            page.bar(*_point(curve.line, curve.line.planned), curve.look.color)
        if curve.line.stop and curve.line.last:
            page.cross(*_end(curve.line), curve.look.color)
    if named:
        _name_stops(page, curves)


def _name_stops(page: Canvas, curves: Sequence[Curve]) -> None:
    stops = [(curve, curve.line.stop, curve.line.last) for curve in curves]
    stopped = [(curve, stop[0], _point(curve.line, last)) for curve, stop, last in stops if stop and last]
    placed = [(curve, page.pixel(point)) for curve, _, point in stopped]
    for curve, step, point in stopped:
        rivals = _rivals(curve, page.pixel(point), placed)
        write_note(page, point, Note("", (_stop_text(step),), curve.look.text, rivals, leads=True))
