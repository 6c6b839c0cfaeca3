"""A rise of DeepSpeed: by the logarithm of the step unless told otherwise, and what may follow it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.identification.guess import Guess
from lrviz.identification.starting import falls, lengths_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.identification.seen import Seen

IS_GENERAL = True
FEW = 2
"""Rows of a rise that tell no line from a curve."""


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """A level, a straight fall, or half a cosine."""
    if seen.restarts or not seen.top_at:
        return
    is_line = seen.straight > max(seen.top_at, FEW)
    kind = (("warmup_type", "linear"),) if is_line else ()
    tops = dict.fromkeys(int(seen.ticks[seen.top_at]) + more for more in (0, 1))
    if not falls(seen):
        yield Guess("deepspeed.WarmupLR", [{"warmup": top} for top in tops], fixed=kind)
        return
    starts = [
        {"warmup": top, "steps": end} for top in tops for end in lengths_of(seen, total, begun=float(top))
    ]
    for name in ("deepspeed.WarmupDecayLR", "deepspeed.WarmupCosineLR"):
        yield Guess(name, starts, fixed=kind)
