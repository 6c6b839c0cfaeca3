"""A fall by the inverse of the step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lrviz.identification.guess import Guess
from lrviz.identification.roundness import plainest_over, simplest
from lrviz.identification.starting import falls, is_stepped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.identification.seen import Seen


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """The rate as it takes the fewest digits, over some ticks."""
    del total  # it has no end
    if seen.restarts or seen.rises or is_stepped(seen) or not falls(seen) or seen.values.min() <= 0:
        return
    low, high = _bounds(seen)
    if not 0 < low <= high < np.inf:
        return
    ticks, rate = plainest_over(lambda ticks: simplest(ticks * low, ticks * high))
    yield Guess("keras.InverseTimeDecay", [{"decay_rate": rate}], fixed=(("decay_steps", ticks),))


def _bounds(seen: Seen) -> tuple[float, float]:
    """Between what the rate of one tick is, as the first row and each other tell it."""
    at, first = seen.ticks[1:], seen.ticks[0]
    with np.errstate(all="ignore"):
        # v (1 + k t) is the same at both rows
        ends = [
            (here - there) / (there * at - here * first)
            for here, there in (
                (seen.values[0] - seen.slack[0], (seen.values + seen.slack)[1:]),
                (seen.values[0] + seen.slack[0], (seen.values - seen.slack)[1:]),
            )
        ]
    return float(np.nanmax(ends[0], initial=-np.inf)), float(np.nanmin(ends[1], initial=np.inf))
