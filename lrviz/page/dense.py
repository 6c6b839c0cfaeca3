"""Cycles narrower than the columns of a page: a band from the least to the greatest value of each column."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lrviz.draw.thinning import swings_of
from lrviz.engine.envelope import columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lrviz.draw.scene import Line


NARROW = 2
"""Columns of a cycle that is too narrow for a line on a phone."""


class Band(NamedTuple):
    """Where columns of some ``steps`` begin, and the last one ends, among the values of a curve.

    It is of the values from ``first`` up to ``stop``. Without ``starts`` no cycles are narrow; with the
    steps of a ``cycle`` the values show each.
    """

    first: int
    stop: int
    steps: int
    starts: NDArray[np.intp]
    cycle: float = 0.0

    @property
    def is_needed(self) -> bool:
        """Whether a line through the values would show other cycles than there are."""
        return bool(self.starts.size) and not self.cycle


def band_of(line: Line, ticks: NDArray[np.int64], low: int, high: int, count: int) -> Band:
    """That of a stretch whose values are carried at some ticks; its line, which is finer, has its cycles."""
    first, stop = np.searchsorted(ticks, (low, high)).tolist()
    none = Band(first, stop, -(-(high - low) // count), np.zeros(0, np.intp))
    swings = swings_of(line.x, line.y)
    if swings is None:
        return none
    if high - low <= 2 * count or swings.period * count > NARROW * (high - low):
        return none._replace(cycle=swings.period)
    edges = np.append(columns(low, high, count)[0], high)
    first, last = np.searchsorted(edges, line.x[[swings.first, swings.last]], side="right")
    starts = np.searchsorted(ticks, edges[first - 1 : last + 1])
    if swings.period * count < high - low:
        return none._replace(starts=starts)
    pairs = starts[::NARROW].copy()  # each as wide as a cycle
    pairs[-1] = starts[-1]
    return none._replace(starts=pairs, cycle=swings.period)


def band_path(starts: NDArray[np.intp], x: NDArray[np.float64], y: NDArray[np.float64]) -> str:
    """The outline of a band of the curve through these points: over its columns and back below them."""
    ends = x[np.minimum(starts, len(x) - 1)].tolist()
    upper, lower = (edge.reduceat(y[: starts[-1]], starts[:-1]).tolist() for edge in (np.minimum, np.maximum))
    over = "".join(f"V{at:.0f}H{end:.0f}" for at, end in zip(upper, ends[1:], strict=True))
    back = [f"V{at:.0f}H{start:.0f}" for at, start in zip(lower, ends[:-1], strict=True)]
    return f"M{ends[0]:.0f} {lower[0]:.0f}{over}{''.join(reversed(back))}"
