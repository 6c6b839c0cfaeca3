"""A finished page made larger or smaller as a whole, as its text has other points than it was laid out in."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from matplotlib.artist import Artist
    from matplotlib.axes._base import _AxesBase
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

LENGTHS = ("fontsize", "linewidth", "markersize", "markeredgewidth")
"""What is given in points; all else is a share of the page."""


def enlarge(figure: Figure, factor: float) -> None:
    """Multiply the page and all that is given in points."""
    if factor == 1:
        return
    figure.set_size_inches(*(figure.get_size_inches() * factor))
    axes = [*_with_children(figure.axes)]
    of_ticks = {id(part) for one in axes for axis in (one.xaxis, one.yaxis) for part in _parts(axis)}
    for artist in figure.findobj():
        if id(artist) not in of_ticks:
            _multiply(artist, factor)
    for axis in chain.from_iterable((one.xaxis, one.yaxis) for one in axes):
        _multiply_ticks(axis, factor)


def _with_children(axes: Iterable[_AxesBase]) -> Iterator[_AxesBase]:
    for one in axes:
        yield one
        yield from one.child_axes


def _parts(axis: Axis) -> Iterator[Artist]:
    for tick in axis.get_major_ticks():
        yield from tick.findobj()


def _multiply(artist: Artist, factor: float) -> None:
    for name in LENGTHS:
        read, write = (getattr(artist, f"{verb}_{name}", None) for verb in ("get", "set"))
        if read is not None and write is not None:
            write(read() * factor)


def _multiply_ticks(axis: Axis, factor: float) -> None:
    """Those that are there, and those that it makes of them."""
    tick = axis.get_major_ticks(1)[0]
    said: dict[str, Any] = {
        "length": tick.tick1line.get_markersize(),
        "pad": tick.get_tick_padding() - tick.tick1line.get_markersize() * (tick.get_tickdir() == "out"),
        "width": tick.tick1line.get_markeredgewidth(),
        "labelsize": float(tick.label1.get_fontsize()),
        "grid_linewidth": tick.gridline.get_linewidth(),
    }
    axis.set_tick_params(which="major", **{name: value * factor for name, value in said.items()})
