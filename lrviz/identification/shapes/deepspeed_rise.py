"""A rise of DeepSpeed: by the logarithm of the step unless told otherwise, and what may follow it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.identification.guess import Guess
from lrviz.identification.starting import falls, lengths_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.identification.seen import Seen

IS_GENERAL = True
KINDS = ((), (("warmup_type", "linear"),))


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """A level, a straight fall, or half a cosine."""
    if seen.restarts or not seen.top_at:
        return
    tops = dict.fromkeys(int(seen.ticks[seen.top_at]) + more for more in (0, 1))
    starts = [
        {"warmup": top, "steps": end} for top in tops for end in lengths_of(seen, total, begun=float(top))
    ]
    for kind in KINDS:
        if falls(seen):
            yield Guess("deepspeed.WarmupDecayLR", starts, fixed=kind)
            yield Guess("deepspeed.WarmupCosineLR", starts, fixed=kind)
        else:
            yield Guess("deepspeed.WarmupLR", [{"warmup": top} for top in tops], fixed=kind)
