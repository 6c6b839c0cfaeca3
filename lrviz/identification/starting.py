"""Where the search for lengths begins: what is seen of the rise, the fall and the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lrviz.identification.seen import Seen

BEYOND = (1.0, 1.15, 1.4, 2.0, 4.0, 10.0)
"""Times the rows that are there: where a run may end of which only a part is seen."""
LEAST_JUMP = 8.0
"""Times what a value may be off: a stair is higher."""


def warmup_of(seen: Seen) -> int:
    """Where the rise ends, as far as can be seen."""
    return max(0, round(seen.rise_end))


def lengths_of(seen: Seen, total: int | None, *, begun: float = 0.0) -> list[int]:
    """How long the run may be that is ``begun`` there."""
    if total is not None:
        return [total]
    ends = [seen.floor.first] if seen.floor else []
    ends += [begun + (seen.last + 1 - begun) * factor for factor in BEYOND]
    return [max(1, round(end)) for end in dict.fromkeys(ends)]


def warmed(seen: Seen, total: int | None, **more: float) -> list[Mapping[str, float]]:
    """A warmup and a length, by the keys of a run."""
    warmup = warmup_of(seen)
    return [{"warmup": warmup, "steps": end, **more} for end in lengths_of(seen, total, begun=warmup)]


def falls(seen: Seen) -> bool:
    """Whether it comes down from its top."""
    return seen.top_until < seen.values.size - 1


def is_stepped(seen: Seen) -> bool:
    """Whether it stays where it is at most rows between its top and its last level, as stairs do.

    A curve that is written with few digits does as well, but moves by one of the last digit then.
    """
    last = seen.levels[-1].first
    between = [level for level in seen.levels if seen.ticks[seen.top_until] < level.first < last]
    rows = np.count_nonzero((seen.ticks > seen.ticks[seen.top_until]) & (seen.ticks < last))
    if not between or 2 * len(between) > rows:
        return False
    slack = seen.slack[np.searchsorted(seen.ticks, [level.first for level in between])]
    jumps = np.abs(np.diff([level.value for level in (*between, seen.levels[-1])]))
    return bool(np.median(jumps / slack) > LEAST_JUMP)


def factor_of(seen: Seen) -> float:
    """What each tick multiplies by, from the first row to the last."""
    return float((seen.values[-1] / seen.values[0]) ** (1 / (seen.last - seen.ticks[0])))


def powers() -> Iterator[float]:
    """Powers that people choose."""
    yield from (2.0, 0.5, 0.9)
