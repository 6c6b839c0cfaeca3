"""A fall by the same factor at every tick, or over so many of them; a rise may come before it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lrviz.identification.guess import Guess
from lrviz.identification.roundness import plainest_over, simplest
from lrviz.identification.starting import factor_of, falls, is_stepped, warmup_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.identification.guess import Numbers
    from lrviz.identification.seen import Seen

LEAST = math.log(1e-3)
"""The least that people say an LR falls by."""


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """The factor as it takes the fewest digits; torch has that of a tick, others that of many."""
    del total  # it has no end
    is_warmed = seen.rises and falls(seen)
    fall = seen[seen.ticks > seen.ticks[seen.top_until]] if is_warmed else seen
    if is_stepped(seen) or len(fall.levels) < 2 or fall.values.min() <= 0:
        return
    low, high = _bounds(fall)
    if not low <= high < math.inf:
        return
    begun = (
        (low, high) if is_warmed else _bounds(_begun(fall))
    )  # where people chose the first LR, it says more
    low, high = begun if begun[0] <= begun[1] else (low, high)
    ticks, factor = _plainest(low, high)
    if is_warmed:
        yield from _warmed([{"warmup": warmup_of(seen), "decay_rate": factor}], ticks)
        return
    if ticks > 1:
        yield Guess("keras.ExponentialDecay", [{"decay_rate": factor}], fixed=(("decay_steps", ticks),))
    yield Guess("exponential", [{"gamma": factor_of(seen)}])


def _warmed(starts: Sequence[Numbers], ticks: int) -> Iterator[Guess]:
    """Behind a rise from 0, which torch has not, or from more, where torch has no round factor."""
    name, over = "optax.warmup_exponential_decay_schedule", ("transition_steps", ticks)
    yield Guess(name, starts, fixed=(over, ("warmup_start", 0.0)))
    if ticks > 1:
        yield Guess(name, starts, ("lr", "warmup_start"), fixed=(over,))


def _begun(fall: Seen) -> Seen:
    """The rows, the first of them exactly what is roundest."""
    values, slack = fall.values.copy(), fall.slack.copy()
    values[0] = simplest(float(values[0] - slack[0]), float(values[0] + slack[0]))
    slack[0] = 0.0
    return replace(fall, values=values, slack=slack)


def _bounds(fall: Seen) -> tuple[float, float]:
    """Between what the logarithm of a tick's factor is; in no order where no factor has all rows."""
    apart = fall.ticks[1:] - fall.ticks[0]
    with np.errstate(all="ignore"):
        low = np.log((fall.values - fall.slack)[1:] / (fall.values + fall.slack)[0]) / apart
        high = np.log((fall.values + fall.slack)[1:] / (fall.values - fall.slack)[0]) / apart
    return float(np.nanmax(low, initial=-math.inf)), float(np.nanmin(high, initial=math.inf))


def _plainest(low: float, high: float) -> tuple[int, float]:
    """Over how many ticks it is by what, in the fewest digits."""
    return plainest_over(
        lambda ticks: simplest(math.exp(ticks * low), math.exp(ticks * high)),
        lambda ticks: ticks * low > LEAST and ticks * high < -LEAST,
    )
