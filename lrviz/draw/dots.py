"""A curve as dots: every column of dots covers all values of its steps, and no dot is farther than that.

Neighbours that do not touch are joined: a jump is a vertical line at the step that has the new value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from lrviz.draw.ticks import Scale

Matrix: TypeAlias = NDArray[np.bool_]
"""Rows from the lowest up, of columns from the left."""
Values: TypeAlias = NDArray[np.float64]


class Dots(NamedTuple):
    """How many dots a character has across and up."""

    across: int
    up: int


BRAILLE, ONE = Dots(2, 4), Dots(1, 1)
_FIRST_BRAILLE = 0x2800
_BITS = np.array([[0x40, 0x80], [0x04, 0x20], [0x02, 0x10], [0x01, 0x08]])


def dot_rows(values: Values, scale: Scale, rows: int) -> Values:
    """The row of each value, the lowest is 0; nan has none, and what is beyond the scale is at its edge."""
    if scale.log:
        with np.errstate(all="ignore"):
            values = np.where(values <= 0, -np.inf, np.log(values))
        low, high = np.log(scale.low), np.log(scale.high)
    else:
        low, high = scale.low, scale.high
    found: Values = np.clip(np.rint((values - low) / (high - low) * (rows - 1)), 0, rows - 1)
    return found


def line_dots(low: Values, high: Values, scale: Scale, rows: int) -> Matrix:
    """The dots of a curve from the least and greatest value of every column; nan is a gap."""
    if scale.log:
        high = np.where(high < scale.low, np.nan, high)  # it has left a logarithmic axis
    bottom, top = dot_rows(np.where(np.isnan(high), np.nan, low), scale, rows), dot_rows(high, scale, rows)
    above_left, below_left = np.append(np.nan, top[:-1]) + 1, np.append(np.nan, bottom[:-1]) - 1
    at = np.arange(rows)[:, None]
    drawn: Matrix = ~np.isnan(top) & (at >= np.fmin(bottom, above_left)) & (at <= np.fmax(top, below_left))
    return drawn


def point_dots(columns: NDArray[np.intp], values: Values, scale: Scale, size: tuple[int, int]) -> Matrix:
    """A dot for each value that is on the scale."""
    drawn = np.zeros(size, dtype=np.bool_)
    shown = np.isfinite(values) & (values >= scale.low) & (columns >= 0) & (columns < size[1])
    drawn[dot_rows(values[shown], scale, size[0]).astype(np.intp), columns[shown]] = True
    return drawn


def in_characters(drawn: Matrix, dots: Dots) -> Matrix:
    """The dots by character: row, column, and within it row and column again, all from the lowest up."""
    rows, columns = drawn.shape
    parts = drawn.reshape(rows // dots.up, dots.up, columns // dots.across, dots.across)
    return parts.transpose(0, 2, 1, 3)


def occupied(drawn: Matrix, dots: Dots) -> Matrix:
    """The characters that have a dot."""
    return np.asarray(in_characters(drawn, dots).any(axis=(2, 3)))


def braille(drawn: Matrix) -> NDArray[np.str_]:
    """Characters of two by four dots; a blank where there is no dot."""
    codes = (in_characters(drawn, BRAILLE) * _BITS).sum(axis=(2, 3))
    texts = [[chr(_FIRST_BRAILLE + code) if code else " " for code in row] for row in codes.tolist()]
    return np.array(texts)
