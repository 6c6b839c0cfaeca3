"""Pictures of schedules with matplotlib's ``Figure``; the same picture gives the same bytes everywhere.

Never pyplot: it keeps global state and picks a backend, which fails where there is no display.
"""

from __future__ import annotations

import io
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from lrviz.draw import style
from lrviz.draw.canvas import Canvas
from lrviz.draw.digest import MARK, digest
from lrviz.draw.drawn import MOST_OF_FAMILY, Curve, is_family, merge, readable
from lrviz.draw.formats import CARRIER, FORMATS, METADATA
from lrviz.draw.layout import (
    GUTTER,
    HANDLE,
    LEGEND_ROW,
    epoch_label,
    lay_out,
)
from lrviz.draw.legend import add_handle, rows_of
from lrviz.draw.png import png_of
from lrviz.draw.ticks import Scale, log_scale, separates, value_scale
from lrviz.errors import OutputError
from lrviz.notation.numbers import grouped, lr_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from lrviz.draw.scene import Line, Picture


MOST_NAMED: Final = 30
"""More curves than this have no room for a name beside each."""


def render(picture: Picture, fmt: str, /) -> bytes:
    """Return the picture as a PNG, SVG or PDF file; equal pictures give equal bytes.

    Raises ``OutputError`` for a format that is not in ``FORMATS``.
    """
    if fmt not in FORMATS:
        raise OutputError(f"unknown picture format {fmt!r}", hint=f"use one of: {', '.join(FORMATS)}")
    with style.settings():
        figure, mark = draw(picture), f"{MARK}{digest(picture)}"
        if fmt == "png":
            return png_of(figure, mark)
        buffer = io.BytesIO()
        figure.savefig(buffer, format=fmt, metadata={**METADATA[fmt], CARRIER[fmt]: mark})
    return buffer.getvalue()


def draw(picture: Picture) -> Figure:
    """Return the figure, 160 pixels per inch, not bound to any window."""
    with style.settings():
        picture = readable(picture)
        curves = merge(picture.lines)
        if len(picture.lines) == 1:
            return _one(picture, curves)
        named = _named(picture, curves) if len(picture.lines) <= MOST_NAMED else None
        return named or _with_legend(picture, curves)


def _scales(picture: Picture, curves: Sequence[Curve]) -> tuple[Scale, ...]:
    """Return the value axes of the panels, the uppermost first."""
    several = len(picture.lines) > 1
    values = [curve.line.y for curve in curves]
    if not several:  # the marks stand inside the picture, whatever a logarithmic axis cuts off
        values += [np.array([mark[1]]) for mark in (curves[0].line.peak, curves[0].line.last) if mark]
    headroom = 0.14 if several else 0.22
    linear, log = value_scale(values, headroom), log_scale(values, headroom)
    if picture.difference is not None:
        return linear, replace(value_scale([picture.difference.y], headroom), name="difference")
    if log is None:
        return (linear,)
    if picture.log:
        return (log,)
    return (linear, log) if several and separates(values) else (linear,)


def _page(picture: Picture, curves: Sequence[Curve], legend: Sequence[str] = ()) -> Canvas:
    """Return the page with its curves drawn, but not yet named."""
    scales = _scales(picture, curves)
    layout = lay_out(picture, scales, legend)
    page = Canvas(style.new_figure(), picture, layout, scales)
    single = len(picture.lines) == 1
    page.shade(picture.phases, curves[0].look.color if single else style.GREY, boundary=single)
    thinned = _named_in_legend(curves) if picture.difference is None else curves
    for curve in _as_drawn(curves):
        if curve.line.points:
            page.dots(curve.line.x, curve.line.y, curve.look)
        else:
            page.plot(curve.line.x, curve.line.y, curve.look, above_only=curve not in thinned)
    if picture.difference is not None:
        page.plot_below(picture.difference.x, picture.difference.y)
    return page


def _named_in_legend(curves: Sequence[Curve]) -> Sequence[Curve]:
    """Those of a large family that a legend names: in a lower panel all of them would be one slab."""
    if len(curves) <= MOST_OF_FAMILY or not is_family(curves):
        return curves
    return [curve for curve, _ in rows_of(curves) if curve is not None]


def _as_drawn(curves: Sequence[Curve]) -> list[Curve]:
    """The curves in the order of the page's paths: points above all lines, as they may lie on one."""
    return sorted(curves, key=lambda curve: curve.line.points)


def _one(picture: Picture, curves: Sequence[Curve]) -> Figure:
    page, line, look = _page(picture, curves), picture.lines[0], curves[0].look
    marks = _marks(line)
    for name, mark in marks:
        if line.stop and name != "peak":
            page.cross(*_end(line), look.color)
        else:
            page.ring(*_point(line, mark), look.color)
    for name, mark in marks:
        page.note(_point(line, mark), f"{name} {lr_text(mark[1])}", _when(picture, name, mark[0]), look.text)
    scale = page.scales[0]
    left_at = scale.left_at(line.x, line.y)
    if left_at is not None:
        page.note((left_at, scale.low), "", (f"below {lr_text(scale.low)}",), look.text)
    return page.figure


def _point(line: Line, mark: tuple[int, float]) -> tuple[float, float]:
    """Where a mark stands."""
    return line.ruler.place(float(mark[0])), mark[1]


def _end(line: Line) -> tuple[float, float]:
    """Where its drawing ends, which of stairs is behind the last step."""
    return float(line.x[-1]), float(line.y[-1])


def _marks(line: Line) -> list[tuple[str, tuple[int, float]]]:
    """Name and point of the peak and of the last step."""
    if line.peak and line.last and line.peak[0] == line.last[0]:
        named = [("peak = last", line.peak)]
    else:
        named = [(name, mark) for name, mark in (("peak", line.peak), ("last", line.last)) if mark]
    return [(name, mark) for name, mark in named if math.isfinite(mark[1])]


def _when(picture: Picture, name: str, step: int) -> tuple[str, ...]:
    """Return what is said of a mark besides its value, from long to short."""
    stop = picture.lines[0].stop
    if stop and name != "peak":
        return (_stop_text(stop[0]),)
    short = f"step {grouped(step)}"
    if name == "last" or not picture.steps_per_epoch:  # the epoch of the last step stands on the axis
        return short, ""
    return f"{short} (epoch {epoch_label(step / picture.steps_per_epoch)})", short, ""


def _stop_text(step: int) -> str:
    return f"stops at step {grouped(step)}"


def _stops(page: Canvas, curves: Sequence[Curve]) -> None:
    """Mark where curves of a comparison stop, each in its colour; say so where they are not too many."""
    for curve in curves:
        if curve.line.stop and curve.line.last:
            page.cross(*_end(curve.line), curve.look.color)
        if curve.line.stop and curve.line.last and len(curves) <= MOST_NAMED:
            page.note(
                _point(curve.line, curve.line.last), "", (_stop_text(curve.line.stop[0]),), curve.look.text
            )


def _named(picture: Picture, curves: Sequence[Curve]) -> Figure | None:
    """Return the comparison with every name beside its curve, or ``None`` when one finds no room."""
    page, curves = _page(picture, curves), _as_drawn(curves)
    _stops(page, curves)
    names = [curve.with_cycles(" = ".join(curve.names)) for curve in curves]
    sizes = [style.size(name, style.NAME_SIZE, bold=True)[:2] for name in names]
    boxes = page.beside_curves(sizes)
    if boxes is None:
        return None
    for curve, name, box in zip(curves, names, boxes, strict=True):
        page.write(name, (box.left, box.bottom), style.NAME_SIZE, curve.look.text, bold=True)
    return page.figure


def _with_legend(picture: Picture, curves: Sequence[Curve]) -> Figure:
    """Return the comparison with one legend at the right, the largest mean first."""
    rows = rows_of(curves)
    page = _page(picture, curves, [text for _, text in rows])
    _stops(page, curves)
    left, y = page.layout.panels[0].right + GUTTER, page.layout.panels[0].top - LEGEND_ROW / 2
    for curve, text in rows:
        if curve:
            add_handle(page, curve, left, y)
        page.write(text, (left + HANDLE, y - 12), style.TICK_SIZE, style.TEXT)
        y -= LEGEND_ROW
    return page.figure
