"""Pictures of schedules with matplotlib's ``Figure``; the same picture gives the same bytes everywhere.

Never pyplot: it keeps global state and picks a backend, which fails where there is no display.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from lrviz.draw import style
from lrviz.draw.canvas import PHASE_ROW, Canvas
from lrviz.draw.drawn import MOST_OF_FAMILY, Curve, is_family, merge, readable
from lrviz.draw.enlarge import enlarge
from lrviz.draw.formats import FORMATS
from lrviz.draw.layout import (
    GUTTER,
    HANDLE,
    LEGEND_ROW,
    LEGEND_WIDTH,
    ONE_PANEL,
    lay_out,
    legend_width,
)
from lrviz.draw.legend import add_handle, rows_of
from lrviz.draw.picture_file import file_of
from lrviz.draw.place_texts import epoch_label
from lrviz.draw.theme import THEMES
from lrviz.draw.ticks import NO_LOG, Scale, log_scale, separates, value_scale
from lrviz.errors import OutputError
from lrviz.notation.numbers import grouped, lr_text
from lrviz.view.size import POINTS

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from matplotlib.figure import Figure

    from lrviz.draw.layout import Layout
    from lrviz.draw.scene import Line, Picture
    from lrviz.engine.sampling import Polyline
    from lrviz.view.view import View

Mark: TypeAlias = tuple[int, float]
"""A step and its value."""

LOW_PANEL: Final = 350.0
"""A panel less high needs more of its height for what stands above its curves."""
LITTLE: Final = 0.14
"""Of the height of a panel without notes, above its curves: room for a tick."""
WIDE: Final = 16
"""Inches of a page that has room for more values than others."""
MOST_NAMED: Final = 30
"""More curves than this have no room for a name beside each."""


def render(picture: Picture, fmt: str, /) -> bytes:
    """Return the picture as a PNG, SVG or PDF file; equal pictures give equal bytes.

    Raises ``OutputError`` for a format that is not in ``FORMATS``.
    """
    if fmt not in FORMATS:
        raise OutputError(f"unknown picture format {fmt!r}", hint=f"use one of: {', '.join(FORMATS)}")
    texts = {"svg.fonttype": "none"} if picture.view.svg_text else {}
    with style.settings(THEMES[picture.view.colors], **texts):
        return file_of(draw(picture), picture, fmt)


def draw(picture: Picture) -> Figure:
    """Return the figure, 160 pixels per inch, not bound to any window."""
    theme = THEMES[picture.view.colors]
    with style.settings(theme):
        picture = readable(picture)
        figure = _draw(picture, merge(picture.lines, theme))
        enlarge(figure, picture.view.points / POINTS)
        return figure


def _draw(picture: Picture, curves: Sequence[Curve]) -> Figure:
    legend = picture.view.legend
    if len(picture.lines) == 1:
        return _one(picture, curves)
    if legend == "none":
        return _drawn(picture, curves).figure
    named = _named(picture, curves) if legend != "box" and len(picture.lines) <= MOST_NAMED else None
    if legend == "labels" and named is None:
        raise OutputError("no room for a name beside each curve", hint="give <legend=box>")
    return named or _with_legend(picture, curves)


def _scales(picture: Picture, curves: Sequence[Curve], height: float = ONE_PANEL) -> tuple[Scale, ...]:
    """Return the value axes of the panels, the uppermost first, which is so many pixels high."""
    several = len(picture.lines) > 1
    values = [curve.line.y for curve in curves]
    if not several:  # the marks stand inside the picture, whatever a logarithmic axis cuts off
        values += [np.array([mark[1]]) for mark in (curves[0].line.peak, curves[0].line.last) if mark]
    usual, above = (0.14, PHASE_ROW + 10) if several else (0.22, PHASE_ROW + 44)
    headroom = max(usual, above / (height - above))  # names of phases, and a note on the peak
    linear, log = value_scale(values, headroom), log_scale(values, headroom)
    below = tuple(
        replace(value_scale([other.y for other in others if other], LITTLE), name=name)
        for name, others in _others(picture, curves)
    )
    if picture.difference is not None:
        below += (replace(value_scale([picture.difference.y], headroom), name="difference"),)
    if below or picture.view.panels:
        kinds = {"linear": linear, "log": log}
        asked = [kinds[kind] for kind in picture.view.panels or ("linear",) if kind in kinds]
        if None in asked:
            raise OutputError(NO_LOG, hint="give <log=false>")
        return (*filter(None, asked), *below)
    if log is None:
        return (linear,)
    if picture.log:
        return (log,)
    return (linear, log) if several and separates(values) else (linear,)


def _others(picture: Picture, curves: Sequence[Curve]) -> Iterator[tuple[str, tuple[Polyline | None, ...]]]:
    """The name of every quantity below, and what each curve has of it."""
    yield from zip(picture.others, zip(*(curve.line.others for curve in curves), strict=True), strict=True)


def _page(picture: Picture, curves: Sequence[Curve], legend: Sequence[str] = ()) -> Canvas:
    """Return the page with its curves drawn, but not yet named."""
    scales = _scales(picture, curves)
    scales, layout = _laid_out(picture, scales, legend)
    upper = layout.panels[0].top - layout.panels[0].bottom
    if upper < LOW_PANEL:
        scales = _scales(picture, curves, upper)[: len(scales)]
        scales, layout = _laid_out(picture, scales, legend)
    ground = "none" if picture.view.transparent else THEMES[picture.view.colors].ground
    page = Canvas(style.new_figure(ground), picture, layout, scales)
    single = len(picture.lines) == 1
    page.shade(picture.phases, curves[0].look.color if single else page.theme.grey, boundary=single)
    thinned = _named_in_legend(curves) if picture.difference is None else curves
    for curve in _as_drawn(curves):
        if curve.line.points:
            page.dots(curve.line.x, curve.line.y, curve.look)
        else:
            page.plot(curve.line.x, curve.line.y, curve.look, above_only=curve not in thinned)
    for name, others in _others(picture, curves):
        for curve, other in zip(curves, others, strict=True):
            if other:
                page.plot_below(name, other, curve.look)
    if picture.difference is not None:
        page.plot_difference(picture.difference)
    return page


def _laid_out(
    picture: Picture, scales: tuple[Scale, ...], legend: Sequence[str]
) -> tuple[tuple[Scale, ...], Layout]:
    """The panels and the page; of a given size it has no more than it has room for."""
    try:
        return scales, lay_out(picture, scales, legend)
    except OutputError:
        if picture.view.panels or picture.others or picture.difference is not None or len(scales) == 1:
            raise
        return scales[:1], lay_out(picture, scales[:1], legend)


def _named_in_legend(curves: Sequence[Curve]) -> Sequence[Curve]:
    """Those of a large family that a legend names: in a lower panel all of them would be one slab."""
    if len(curves) <= MOST_OF_FAMILY or not is_family(curves):
        return curves
    return [curve for curve, _ in rows_of(curves, LEGEND_WIDTH) if curve is not None]


def _as_drawn(curves: Sequence[Curve]) -> list[Curve]:
    """The curves in the order of the page's paths: points above all lines, as they may lie on one."""
    return sorted(curves, key=lambda curve: curve.line.points)


def _one(picture: Picture, curves: Sequence[Curve]) -> Figure:
    line, look = picture.lines[0], curves[0].look
    rows = rows_of(curves, legend_width(picture.view)) if picture.view.legend == "box" else []
    page = _page(picture, curves, [text for _, text in rows])
    _add_legend(page, rows)
    is_stop = line.stop is not None
    marks = [
        (name, mark) for name, mark in _marks(line) if picture.view.marks or (is_stop and name != "peak")
    ]
    for name, mark in marks:
        if line.stop and name != "peak":
            page.cross(*_end(line), look.color)
        else:
            page.ring(*_point(line, mark), look.color)
    named = [mark for name, mark in marks if not line.stop or name == "peak"]
    _tell(page, curves, but=named)
    for name, mark in marks:
        text, when = f"{name} {lr_text(mark[1])}", _when(picture, name, mark[0])
        if not page.note(_point(line, mark), text, when, look.text) and mark in named and mark in line.marked:
            raise _no_room_for(curves[0], mark, picture.view)
    scale = page.scales[0]
    left_at = scale.left_at(line.x, line.y)
    if left_at is not None:
        page.note((left_at, scale.low), "", (f"below {lr_text(scale.low)}",), look.text)
    return page.figure


def _tell(page: Canvas, curves: Sequence[Curve], but: Container[Mark] = ()) -> None:
    """Write the values at the steps that are to be marked, ``but`` those that have a name.

    Raises:
        OutputError: one has no room.

    """
    written = [(curve, mark) for curve in curves for mark in curve.line.marked if mark not in but]
    for curve, mark in written:
        page.ring(*_point(curve.line, mark), curve.look.color)
    for curve, mark in written:
        alike = [
            _point(other.line, at)
            for other, at in written
            if at[0] == mark[0] and other.look.text == curve.look.text and other is not curve
        ]
        when = (f"step {grouped(mark[0])}",)
        if not page.note(_point(curve.line, mark), lr_text(mark[1]), when, curve.look.text, alike):
            raise _no_room_for(curve, mark, page.picture.view)


def _no_room_for(curve: Curve, mark: Mark, view: View) -> OutputError:
    text = f"no room for the value of {curve.names[0]} at step {mark[0]}"
    fewer = f"give <mark={mark[0]}> alone" if len(curve.line.marked) > 1 else "draw fewer curves"
    is_wide = view.inches is not None and view.inches[0] >= WIDE
    return OutputError(text, hint=fewer if is_wide else f"{fewer}, or <size={WIDE}x10in>")


def _drawn(picture: Picture, curves: Sequence[Curve], legend: Sequence[str] = ()) -> Canvas:
    """The page of a comparison with all that is marked, but not yet named."""
    page = _page(picture, curves, legend)
    _stops(page, curves)
    _tell(page, curves)
    return page


def _point(line: Line, mark: Mark) -> tuple[float, float]:
    """Where a mark stands."""
    return line.ruler.place(float(mark[0])), mark[1]


def _end(line: Line) -> tuple[float, float]:
    """Where its drawing ends, which of stairs is behind the last step."""
    return float(line.x[-1]), float(line.y[-1])


def _marks(line: Line) -> list[tuple[str, Mark]]:
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
    page, curves = _drawn(picture, curves), _as_drawn(curves)
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
    rows = rows_of(curves, legend_width(picture.view))
    page = _drawn(picture, curves, [text for _, text in rows])
    _add_legend(page, rows)
    return page.figure


def _add_legend(page: Canvas, rows: Sequence[tuple[Curve | None, str]]) -> None:
    left, y = page.layout.panels[0].right + GUTTER, page.layout.panels[0].top - LEGEND_ROW / 2
    for curve, text in rows:
        if curve:
            add_handle(page, curve, left, y)
        page.write(text, (left + HANDLE, y - 12), style.TICK_SIZE, page.theme.text)
        y -= LEGEND_ROW
