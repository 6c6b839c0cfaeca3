"""How a curve that swings often is drawn: by a thinner line, and within its width by its extremes alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_TURNS: Final = 3
MANY_TURNS: Final = 40  # fewer are told apart whatever the width of the line
VISIBLE: Final = 1e-3  # of the greatest value
LINES_APART: Final = 6.0  # widths of a line from one cycle to the next
THINNEST: Final = 0.8  # pixels
BAND: Final = 2.0  # pixels that a cycle takes: below, no line shows it
BAND_COLUMN: Final = 4.0  # pixels, wide enough for a whole cycle and its neighbours' ends


class Swings(NamedTuple):
    """A curve that goes up and down many times: the points of its first and last turn, pixels of a cycle."""

    first: int
    last: int
    period: float


def swings_of(pixels: NDArray[np.float64], y: NDArray[np.float64]) -> Swings | None:
    """How wide the cycles of a curve are on the page, on average; None where it has few."""
    rises = np.diff(y)
    moving = np.flatnonzero(np.abs(rises) > VISIBLE * np.abs(y).max(initial=0.0))  # rounding is no swing
    turns = moving[1:][np.diff(np.sign(rises[moving])) != 0]
    if turns.size < MANY_TURNS or not np.isfinite(y).all():
        return None
    first, last = int(turns[0]), int(turns[-1])
    return Swings(first, last, float(2 * (pixels[last] - pixels[first]) / (turns.size - 1)))


def line_width(period: float, usual: float) -> float:
    """Pixels that leave white between one cycle of so many pixels and the next."""
    return min(max(period / LINES_APART, THINNEST), usual)


class Edges(NamedTuple):
    """The first point of every few pixels, and the least and greatest value there."""

    starts: NDArray[np.intp]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def edges(pixels: NDArray[np.float64], y: NDArray[np.float64]) -> Edges:
    """What a curve covers that no line shows."""
    starts = np.flatnonzero(np.diff(np.floor((pixels - pixels[0]) / BAND_COLUMN), prepend=-1.0))
    return Edges(starts, np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts))


def thin(pixels: NDArray[np.float64], y: NDArray[np.float64], width: float) -> NDArray[np.intp]:
    """Which points of a polyline to draw, in order: a line of ``width`` pixels covers the same area.

    All of them, but of columns two thirds of a line wide with more than ``MOST_TURNS`` only the extremes, the
    lower ones first in every other column: a line goes up one and down the next. ``pixels`` is where each
    point stands across the page, in order.
    """
    if len(y) < 3 or not np.isfinite(y).all():
        return np.arange(len(y))
    column = np.floor((pixels - pixels[0]) / (2 / 3 * width))
    starts = np.flatnonzero(np.diff(column, prepend=-1.0))
    own = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(y)))
    slope = np.sign(np.diff(y))
    turns = np.pad(slope[1:] * slope[:-1] < 0, 1)
    dense = np.add.reduceat(turns.astype(np.intp), starts)[own] > MOST_TURNS
    kept = ~dense
    for values in (y, -y):
        kept[np.lexsort((values, own))[starts]] = True  # the first of equals
    kept[[0, -1]] = True
    turned = np.where(dense, np.where(own % 2, -y, y), 0.0)
    turned[[0, -1]] = -np.inf, np.inf
    order = np.lexsort((turned, own))
    return order[kept[order]]
