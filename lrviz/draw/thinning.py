"""A curve that swings many times within the width of its own line is drawn by its extremes alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_TURNS: Final = 3


def thin(pixels: NDArray[np.float64], y: NDArray[np.float64], width: float) -> NDArray[np.intp]:
    """Return which points of a polyline to draw, in order: a line of ``width`` pixels covers the same area.

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
