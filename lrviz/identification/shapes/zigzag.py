"""Triangles between two LRs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lrviz.identification.guess import Guess
from lrviz.identification.shapes.again import whole_between

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.identification.seen import Seen

MOST = 12
"""Lengths that are tried."""


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """As high each time, half as high, or lower with every tick; down as fast as up, or not."""
    del total  # they have no end
    peaks, troughs = _turns(seen)
    if not (seen.rises and peaks):
        return
    ups = _between(seen, peaks[0], 1)
    if troughs:
        even = _between(seen, troughs[-1], 2 * len(troughs)) or ups
        sizes = _between(seen, troughs[-1], len(troughs))
    for mode in ((), (("mode", "triangular2"),)):
        starts = [{"step_size_up": up} for up in (even if troughs else ups)]
        yield Guess("cyclic", starts, ("lr", "base_lr"), fixed=mode)
        if troughs:
            starts = [
                {"step_size_up": up, "step_size_down": size - up} for up in ups for size in sizes if size > up
            ]
            yield Guess("cyclic", starts, ("lr", "base_lr"), fixed=mode)
    if len(peaks) > 1:
        lowered = [{"step_size_up": up, "gamma": _factor(seen, peaks)} for up in even]
        yield Guess("cyclic", lowered, ("lr", "base_lr"), fixed=(("mode", "exp_range"),))


def _factor(seen: Seen, peaks: list[int]) -> float:
    """By how much each tick lowers the peaks."""
    first, last = peaks[0], peaks[-1]
    heights = seen.values[[first, last]] - seen.values.min()
    return float((heights[1] / heights[0]) ** (1 / (seen.ticks[last] - seen.ticks[first])))


def _turns(seen: Seen) -> tuple[list[int], list[int]]:
    """The rows of peaks and of troughs."""
    up = np.diff(seen.values) > 0
    turns = np.flatnonzero(up[1:] != up[:-1]) + 1
    return [int(row) for row in turns if up[row - 1]], [int(row) for row in turns if not up[row - 1]]


def _between(seen: Seen, row: int, parts: int) -> list[int]:
    """What a part of the way to a turn may be, which is near a row."""
    after = min(row + 1, seen.ticks.size - 1)
    return whole_between(float(seen.ticks[row - 1]) / parts, float(seen.ticks[after]) / parts, MOST)
