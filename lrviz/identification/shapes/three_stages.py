"""A rise from a share of the top, a stretch there, and an exponential fall."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.identification.guess import Guess, Ratio
from lrviz.identification.starting import falls, is_stepped, lengths_of, warmup_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.identification.seen import Seen


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """From and to the shares that it has unless told otherwise, or from another."""
    if seen.restarts or is_stepped(seen) or not (seen.rises and falls(seen) and seen.start > 0):
        return
    warmup, until = warmup_of(seen), round(float(seen.ticks[seen.top_until]))
    starts = [
        {"warmup_steps": warmup, "hold_steps": max(0, until - warmup), "decay_steps": max(1, end - until)}
        for end in lengths_of(seen, total, begun=float(until))
    ]
    yield Guess("fairseq.tri_stage", starts)
    yield Guess("fairseq.tri_stage", starts, ("lr", "init_lr_scale"), {"init_lr_scale": Ratio("lr")})
