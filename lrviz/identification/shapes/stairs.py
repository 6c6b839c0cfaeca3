"""Stairs: one LR for a while, then another."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from lrviz.identification.guess import Guess
from lrviz.identification.roundness import digits, roundest, simplest
from lrviz.identification.starting import is_stepped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lrviz.identification.guess import Numbers
    from lrviz.identification.seen import Level, Seen
    from lrviz.notation.spec import Params

MOST_PIECES = 12
"""LRs of their own that people write down."""
MOST_DIGITS = 2
"""Digits of each of them on average."""
ROWS_OF_EACH = 4
"""Rows for each LR on average, before any LRs are taken for stairs."""


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """A factor at whole multiples of a size, a factor at milestones, or LRs of their own."""
    del total  # they have no end
    levels = seen.levels
    if not (is_stepped(seen) or 1 < len(levels) < 5) or seen.rises or seen.values.min() <= 0:
        return
    yield from stairs_down(levels)
    if ROWS_OF_EACH * len(levels) <= seen.values.size and len(levels) <= MOST_PIECES and _are_chosen(seen):
        yield _pieces(levels)


def _are_chosen(seen: Seen) -> bool:
    """Whether the LRs of the levels are those of people: a table of what any curve has tells nothing."""
    slack = seen.slack[np.searchsorted(seen.ticks, [level.first for level in seen.levels])]
    rates = np.array([level.value for level in seen.levels])
    written = [digits(simplest(*ends)) for ends in np.stack([rates - slack, rates + slack], axis=1).tolist()]
    return float(np.mean(written)) <= MOST_DIGITS


def stairs_down(levels: Sequence[Level], begun: float = 0.0) -> Iterator[Guess]:
    """Stairs of one factor that are ``begun`` at a tick; nobody's lead upwards, or to 0."""
    if levels[-1].value > levels[0].value or min(level.value for level in levels) <= 0:
        return
    logs = [math.log(level.value / levels[0].value) for level in levels]
    least = min((b - a for a, b in pairwise(logs)), key=abs)
    counts = [round(log / least) for log in logs]
    if min(counts[1:]) <= 0 or any(
        abs(log / least - count) > 0.02 for log, count in zip(logs, counts, strict=True)
    ):
        return
    gamma = math.exp(logs[-1] / counts[-1])
    for size in _sizes(levels, counts, begun):
        yield Guess("step", [{"step_size": size, "gamma": gamma}], solved=True)
    milestones = {
        f"milestone_{place}": roundest(int(before.last - begun) + 1, int(level.first - begun), 1)[0]
        for place, (before, level) in enumerate(pairwise(levels))
    }
    times = [b - a for a, b in pairwise(counts)]
    if min(times) > 0:
        yield Guess("multistep", [{**milestones, "gamma": gamma}], solved=True, write=_milestones(times))


def _sizes(levels: Sequence[Level], counts: Sequence[int], begun: float) -> list[int]:
    """The roundest size of stairs that have come down so often at each level, if one has all of them."""
    pairs = list(zip(levels, counts, strict=True))
    low = max((level.last - begun + 1) / (count + 1) for level, count in pairs)
    high = min((level.first - begun) / count for level, count in pairs if count)
    return roundest(math.ceil(low), math.floor(high), 1) if math.ceil(low) <= math.floor(high) else []


def _milestones(times: Sequence[int]) -> Callable[[Numbers], Params]:
    """Each milestone as often as the factor is taken there."""

    def write(numbers: Numbers) -> Params:
        at = [value for key, value in numbers.items() if key.startswith("milestone_")]
        repeated = tuple(place for place, count in zip(at, times, strict=True) for _ in range(count))
        rest = tuple((key, value) for key, value in numbers.items() if not key.startswith("milestone_"))
        return (("milestones", repeated), *rest)

    return write


def _pieces(levels: Sequence[Level]) -> Guess:
    """Boundaries, each the last tick of an LR."""
    bounds = {
        f"boundary_{place}": roundest(int(before.last), int(level.first) - 1, 1)[0]
        for place, (before, level) in enumerate(pairwise(levels))
    }
    rates = tuple(f"value_{place}" for place, _ in enumerate(levels))

    def write(numbers: Numbers) -> Params:
        return (
            ("boundaries", tuple(numbers[key] for key in bounds)),
            ("values", tuple(numbers[key] for key in rates)),
        )

    return Guess("keras.PiecewiseConstantDecay", [bounds], rates, solved=True, write=write)
