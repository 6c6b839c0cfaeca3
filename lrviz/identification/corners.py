"""Straight stretches of a curve, and the corners between them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.identification.seen import Seen

MOST = 10
"""Stretches of a curve that people make of lines."""
LEAST = 3
"""Rows that tell a line from a curve."""


class Line(NamedTuple):
    """A straight stretch: the value at tick 0, by how much a tick changes it, its first and last tick."""

    at_0: float
    slope: float
    first: float
    last: float

    def at(self, tick: float) -> float:
        """The value that it has there, or would have."""
        return self.at_0 + self.slope * tick

    @property
    def zero(self) -> float:
        """Where it comes to 0."""
        return -self.at_0 / self.slope


def lines_of(seen: Seen) -> list[Line]:
    """The stretches one after another; none where a curve is not made of a few lines."""
    found: list[Line] = []
    rest = seen
    while rest.values.size:
        rows = rest.straight
        if rows < LEAST or len(found) == MOST:
            return []
        slope, at_0 = np.polyfit(rest.ticks[:rows], rest.values[:rows], 1).tolist()
        found.append(Line(at_0, slope, float(rest.ticks[0]), float(rest.ticks[rows - 1])))
        rest = rest[np.arange(rest.values.size) >= rows]
    return found


def corners_of(lines: Sequence[Line]) -> list[float]:
    """Where each line meets the next; none where one does not between their rows."""
    found = [
        (before.at_0 - after.at_0) / (after.slope - before.slope)
        for before, after in pairwise(lines)
        if after.slope != before.slope
    ]
    meet = all(
        before.last - 1 <= tick <= after.first + 1
        for tick, (before, after) in zip(found, pairwise(lines), strict=False)
    )
    return found if meet and len(found) == len(lines) - 1 else []
