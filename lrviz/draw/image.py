"""Pictures of schedules with matplotlib's ``Figure``; the same picture gives the same bytes everywhere.

Never pyplot: it keeps global state and picks a backend, which fails where there is no display.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from lrviz.draw import style
from lrviz.draw.around import write_around
from lrviz.draw.canvas import PHASE_ROW, Canvas
from lrviz.draw.drawn import MOST_OF_FAMILY, Curve, is_family, merge, readable
from lrviz.draw.enlarge import enlarge
from lrviz.draw.formats import FORMATS
from lrviz.draw.layout import LEGEND_WIDTH, ONE_PANEL, lay_out, legend_width
from lrviz.draw.legend import add_handle, rows_of
from lrviz.draw.marks import mark_below, mark_curve, mark_stops, write_marked
from lrviz.draw.page_texts import HANDLE, LEGEND_ROW, Legend
from lrviz.draw.phase_marks import shade
from lrviz.draw.picture_file import file_of
from lrviz.draw.theme import THEMES
from lrviz.draw.ticks import Scale, log_scale, separates, spaced, value_axis, value_scale
from lrviz.engine.sampling import Polyline
from lrviz.errors import OutputError
from lrviz.view.size import POINTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.figure import Figure

    from lrviz.draw.layout import Layout
    from lrviz.draw.legend import Row
    from lrviz.draw.scene import Line, Picture

LOW_PANEL: Final = 350.0
"""A panel less high needs more of its height for what stands above its curves."""
LITTLE: Final = 0.14
"""Of the height of a panel without notes, above its curves: room for a tick."""
MOST_NAMED: Final = 30
"""More curves than this have no room for a name beside each."""
NO_LEGEND: Final = Legend()


def render(picture: Picture, fmt: str, /) -> bytes:
    """The picture as a PNG, SVG or PDF file; equal pictures give equal bytes.

    Raises ``OutputError`` for a format that is not in ``FORMATS``.
    """
    if fmt not in FORMATS:
        raise OutputError(f"unknown picture format {fmt!r}", hint=f"use one of: {', '.join(FORMATS)}")
    texts = {"svg.fonttype": "none"} if picture.view.svg_text else {}
    with style.settings(THEMES[picture.view.colors], **texts):
        return file_of(draw(picture), picture, fmt)


def draw(picture: Picture) -> Figure:
    """The figure, 160 pixels per inch, not bound to any window."""
    theme = THEMES[picture.view.colors]
    with style.settings(theme):
        picture = readable(picture)
        figure = _draw(picture, merge(picture.lines, theme))
        enlarge(figure, picture.view.points / POINTS)
        return figure


def _draw(picture: Picture, curves: Sequence[Curve]) -> Figure:
    legend, is_few = picture.view.legend, len(picture.lines) <= MOST_NAMED
    if len(picture.lines) == 1:
        return _one(picture, curves)
    if legend == "none":
        return _drawn(picture, curves).figure
    named = None
    if legend == "labels":
        named = _named(picture, curves) if is_few else None
        if named is None:
            raise OutputError("no room for a name beside each curve", hint="give <legend=box>")
    elif legend != "box" and is_few:
        with suppress(OutputError):  # a page with a legend needs no less, and says how much that is
            named = _named(picture, curves)
    return named or _with_legend(picture, curves)


def _scales(picture: Picture, curves: Sequence[Curve], height: float = ONE_PANEL) -> tuple[Scale, ...]:
    """The value axes of the panels, the uppermost first, which is so many pixels high."""
    several = len(picture.lines) > 1
    values = [curve.line.y for curve in curves]
    if not several:  # the marks stand inside the picture, whatever a logarithmic axis cuts off
        values += [np.array([mark[1]]) for mark in (curves[0].line.peak, curves[0].line.last) if mark]
    usual, above = (0.14, PHASE_ROW + 10) if several else (0.22, PHASE_ROW + 44)
    headroom = max(usual, above / (height - above))  # names of phases, and a note on the peak
    below = tuple(
        replace(value_scale([other.y for other in others if other], LITTLE if several else usual), name=name)
        for name, others in _others(picture, curves)
    )
    if picture.difference is not None:
        below += (replace(value_scale([picture.difference.y], headroom), name="difference"),)
    if below or picture.view.panels:
        kinds = [kind for kind in picture.view.panels or ("linear",) if kind != "difference"]
        return (*(value_axis(values, headroom, log=kind == "log") for kind in kinds), *below)
    linear, log = value_scale(values, headroom), log_scale(values, headroom)
    if log is None:
        return (linear,)
    if picture.log:
        return (log,)
    return (linear, log) if several and separates(values) else (linear,)


def _others(picture: Picture, curves: Sequence[Curve]) -> Iterator[tuple[str, tuple[Line | None, ...]]]:
    """The name of every quantity below, and what each curve has of it."""
    yield from zip(picture.others, zip(*(curve.line.others for curve in curves), strict=True), strict=True)


def _page(picture: Picture, curves: Sequence[Curve], legend: Legend = NO_LEGEND) -> Canvas:
    """The page with its curves drawn, but not yet named."""
    scales = _scales(picture, curves)
    scales, layout = _laid_out(picture, scales, legend)
    upper = layout.panels[0].top - layout.panels[0].bottom
    if upper < LOW_PANEL:
        scales = _scales(picture, curves, upper)[: len(scales)]
        scales, layout = _laid_out(picture, scales, legend)
    heights = (panel.top - panel.bottom for panel in layout.panels)
    scales = tuple(spaced(scale, height) for scale, height in zip(scales, heights, strict=True))
    ground = "none" if picture.view.transparent else THEMES[picture.view.colors].ground
    page = Canvas(style.new_figure(ground), picture, layout, scales)
    write_around(page)
    single = len(picture.lines) == 1
    shade(page, picture.phases, curves[0].look.color if single else page.theme.grey)
    _draw_curves(page, picture, curves)
    return page


def _draw_curves(page: Canvas, picture: Picture, curves: Sequence[Curve]) -> None:
    """The curves, their other quantities, and how far two of them are apart."""
    thinned = _named_in_legend(curves) if picture.difference is None else curves
    for curve in _as_drawn(curves):
        if curve.line.points:
            page.dots(curve.line.x, curve.line.y, curve.look)
        else:
            page.plot(curve.line.x, curve.line.y, curve.look, above_only=curve not in thinned)
    for name, others in _others(picture, curves):
        for curve, other in zip(curves, others, strict=True):
            if other:
                page.plot_below(name, Polyline(other.x, other.y), curve.look)
    if picture.difference is not None:
        page.plot_difference(picture.difference)


def _laid_out(
    picture: Picture, scales: tuple[Scale, ...], legend: Legend
) -> tuple[tuple[Scale, ...], Layout]:
    """The panels and the page; of a given size it has no panel that makes its texts shorter, unasked for."""
    asked = picture.view.panels or picture.others or picture.difference is not None
    if asked or len(scales) == 1:
        return scales, lay_out(picture, scales, legend)
    try:
        return scales, lay_out(picture, scales, legend, in_full=True)
    except OutputError:
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
    rows = rows_of(curves, legend_width(picture.view)) if picture.view.legend == "box" else []
    page = _page(picture, curves, Legend([text for _, text in rows]))
    _add_legend(page, rows)
    mark_curve(page, curves[0])
    for name, (other,) in _others(picture, curves):
        if other:
            mark_below(page, other, curves[0].look, page.panel_of(name))
    return page.figure


def _drawn(picture: Picture, curves: Sequence[Curve], legend: Legend = NO_LEGEND) -> Canvas:
    """The page of a comparison with all that is marked, but not yet named."""
    page = _page(picture, curves, legend)
    mark_stops(page, curves, named=len(curves) <= MOST_NAMED)
    write_marked(page, curves)
    return page


def _named(picture: Picture, curves: Sequence[Curve]) -> Figure | None:
    """The comparison with every name beside its curve, or ``None`` when one finds no room."""
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
    """The comparison with one legend, the largest mean first: at the right, or longer names below."""
    beside = rows_of(curves, legend_width(picture.view))
    below = rows_of(curves, legend_width(picture.view, below=True))
    if below != beside:  # these are cut
        with suppress(OutputError):
            return _legended(picture, curves, below, below=True)
    return _legended(picture, curves, beside)


def _legended(
    picture: Picture, curves: Sequence[Curve], rows: Sequence[Row], *, below: bool = False
) -> Figure:
    page = _drawn(picture, curves, Legend([text for _, text in rows], below))
    _add_legend(page, rows)
    return page.figure


def _add_legend(page: Canvas, rows: Sequence[Row]) -> None:
    left, top = page.layout.legend_corner
    y = top - LEGEND_ROW / 2
    for curve, text in rows:
        if curve:
            add_handle(page, curve, left, y)
        page.write(text, (left + HANDLE, y - 12), style.TICK_SIZE, page.theme.text)
        y -= LEGEND_ROW
