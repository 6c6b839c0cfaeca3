"""A timeline over the columns of a chart: as many as there are, however many ticks it has."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from lrviz.engine.envelope import columns, envelope

if TYPE_CHECKING:
    from lrviz.engine.envelope import Whole
    from lrviz.engine.timeline import Rates, Timeline

PIECES = 64
MOST_LOOKS = 200
REACHES_DOWN = math.ulp(0.0)
"""A value below every logarithmic axis."""


def extents(
    timeline: Timeline, run: tuple[int, int], edges: Whole, *, positive: bool = False
) -> tuple[Rates, Rates]:
    """Least and greatest value from each of the ``edges`` to the next, or at the edge where they are equal.

    Nan where nothing is inside of the ``run``, from its first tick to one past its last. Of ``positive``
    values alone what is 0 or less is nan too.
    """
    first, last = edges[:-1], np.maximum(edges[1:] - 1, edges[:-1])
    inside = (last >= run[0]) & (first < run[1])
    starts, where = np.unique(np.maximum(first[inside], run[0]), return_inverse=True)
    ends = np.unique(np.minimum(last[inside], run[1] - 1))
    seen = envelope(timeline, starts, ends)
    low, high = np.full(first.size, math.nan), np.full(first.size, math.nan)
    least = _positive(timeline, starts, ends, (seen.low, seen.high)) if positive else seen.low
    low[inside], high[inside] = least[where], np.where(np.isnan(least), math.nan, seen.high)[where]
    return low, high


def _positive(timeline: Timeline, first: Whole, last: Whole, seen: tuple[Rates, Rates]) -> Rates:
    """The least positive value of each interval, nan where there is none.

    Those with a zero are looked at closer and closer; where zeros are everywhere, the least reaches down.
    """
    low, high = seen
    mixed = (low <= 0) & (high > 0)
    least = np.where(low > 0, low, np.where(mixed, math.inf, math.nan))
    queue = deque((int(i), int(first[i]), int(last[i])) for i in np.flatnonzero(mixed))
    for _ in range(MOST_LOOKS):
        if not queue:
            return least
        i, start, end = queue.popleft()
        starts, ends = columns(start, end + 1, PIECES)
        closer = envelope(timeline, starts, ends)
        least[i] = np.min(closer.low[closer.low > 0], initial=least[i])
        again = np.flatnonzero((closer.low <= 0) & (closer.high > 0))
        queue.extend((i, int(starts[j]), int(ends[j])) for j in again)
    least[[i for i, *_ in queue]] = REACHES_DOWN
    return least
