"""A wave that counts from the beginning, with a rise laid over its first ticks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.identification.guess import Guess
from lrviz.identification.starting import falls, is_stepped, lengths_of, warmup_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.identification.seen import Seen

IS_GENERAL = True


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """As timm has it, from an LR of its own, down to 0 or to a floor."""
    if seen.restarts or is_stepped(seen) or not (seen.rises and falls(seen)):
        return
    warmup = warmup_of(seen)
    starts = [
        {"warmup": warm, "steps": end}
        for warm in dict.fromkeys((warmup, int(seen.ticks[seen.top_at]) + 1))
        for end in lengths_of(seen, total)
    ]
    for scaled in (("lr", "warmup_lr_init"), ("lr", "warmup_lr_init", "min_lr")):
        yield Guess("timm.CosineLRScheduler", starts, scaled, fixed=(("interval", "step"),), in_run=True)
