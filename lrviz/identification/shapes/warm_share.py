"""Half a cosine to a floor, after a rise that begins at a share of the peak."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.identification.guess import Guess, Ratio
from lrviz.identification.roundness import digits
from lrviz.identification.starting import falls, is_stepped, warmed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.identification.seen import Seen

ROUND = 2
"""Digits of a share that people write: one tick off it is odd, and a line before a cosine is rounder."""
TICKS = 3
"""Ticks of the rise within which a curve may begin that rises from 0, as it is read a tick or two off."""


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """Where the share is round."""
    if is_stepped(seen) or not (falls(seen) and seen.rises and seen.start > TICKS * seen.slope):
        return
    if digits(float(f"{seen.start / seen.top:.4g}")) > ROUND:
        return
    rates = ("lr", "min_lr", "warmup_lr_rate")
    starts = warmed(seen, total)
    yield Guess("cosine_warmup_with_min_lr", starts, rates, {"warmup_lr_rate": Ratio("lr")})
