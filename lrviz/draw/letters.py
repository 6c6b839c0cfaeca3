"""Where the letters stand that tell the curves of a chart apart without colour."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.draw.dots import Matrix

LETTERS: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
APART: Final = 26
"""Characters from one letter of a curve to the next."""


class Letter(NamedTuple):
    """A character of the chart, rows counted from the lowest."""

    row: int
    column: int
    curve: int


def letters_of(count: int) -> str:
    """What so many curves are called; one alone needs no letter."""
    return LETTERS[:count] if count > 1 else ""


def place_letters(curves: Sequence[Matrix]) -> list[Letter]:
    """Letters beside each curve, every so often, in characters that are free and near no other curve.

    Where there is none, one is nearer to others, or on the curve itself.
    """
    placed: list[Letter] = []
    taken = np.zeros_like(curves[0])
    for index, own in enumerate(curves):
        others = np.logical_or.reduce([taken, *(one for one in curves if one is not own)])
        beside = (_shifted(own, 1) | _shifted(own, -1)) & ~own
        wishes = (beside & ~_spread(others), beside & ~others, own & ~others, own)
        found: list[tuple[int, int]] = []
        for free in wishes:
            found = found or list(_along(free, shift=index / len(curves)))
        for row, column in found:
            taken[row, column] = True
            placed.append(Letter(row, column, index))
    return placed


def _along(free: Matrix, shift: float) -> Iterator[tuple[int, int]]:
    """The free place nearest to the middle of every stretch, those of several curves not above each other."""
    width = free.shape[1]
    stretches = max(width // APART, 1)
    edges = np.linspace(0, width, stretches + 1).round().astype(int).tolist()
    for start, stop in pairwise(edges):
        columns = np.flatnonzero(free[:, start:stop].any(axis=0))
        if columns.size:
            wanted = (stop - start) * (0.25 + 0.5 * shift)
            column = start + int(columns[np.argmin(np.abs(columns - wanted))])
            yield int(np.flatnonzero(free[:, column])[-1]), column


def _shifted(cells: Matrix, rows: int) -> Matrix:
    """All cells so many rows higher."""
    moved = np.zeros_like(cells)
    if rows > 0:
        moved[rows:] = cells[:-rows]
    else:
        moved[:rows] = cells[-rows:]
    return moved


def _spread(cells: Matrix) -> Matrix:
    """All cells with their eight neighbours."""
    padded = np.pad(cells, 1)
    rows, columns = cells.shape
    around = [padded[i : i + rows, j : j + columns] for i in range(3) for j in range(3)]
    spread: Matrix = np.logical_or.reduce(around)
    return spread
