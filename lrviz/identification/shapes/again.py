"""Falls that begin again at the top."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from lrviz.identification.guess import Guess
from lrviz.identification.starting import warmup_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.identification.seen import Seen

MOST = 24
"""Lengths that are tried."""


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """Cosines of one length in a run."""
    if not seen.restarts:
        return
    warmup = warmup_of(seen)
    low, high = lengths_between(seen, warmup, 1)
    count = max(1, round((seen.last + 1 - warmup) / max(1.0, (low + high) / 2)))
    for cycles in [cycles for cycles in (count, count + 1, count - 1) if cycles > 1]:
        ends = [total] if total else whole_between(warmup + cycles * low, warmup + cycles * high)
        starts = [{"warmup": warmup, "steps": end} for end in ends]
        yield Guess("cosine_with_restarts", starts, fixed=(("num_cycles", cycles),))


def lengths_between(seen: Seen, begun: float, times: float) -> tuple[float, float]:
    """How long the first cycle may be, if each is ``times`` as long as the one before, by every restart."""
    with np.errstate(over="ignore"):
        passed = np.cumsum(np.power(float(times), np.arange(len(seen.restarts))))
    before = (seen.ticks[np.array(seen.restarts) - 1] - begun) / passed
    after = (seen.ticks[seen.restarts] - begun) / passed
    return float(before.max()), float(after.min())


def whole_between(low: float, high: float, most: int = MOST) -> list[int]:
    """Whole numbers between two, and one beside them where there is room for rounding."""
    found = range(max(1, math.floor(low)), math.ceil(high) + 1)
    return list(found[:: max(1, len(found) // most)])
