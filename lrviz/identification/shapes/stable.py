"""A warmup, a stretch at the top, and a fall."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.identification.guess import Guess, Ratio
from lrviz.identification.starting import falls, is_stepped, lengths_of, warmup_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.identification.seen import Seen

FALLS = ("linear", "1-sqrt", "cosine")


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """Down to 0, or to a floor, which lifts the warmup as well."""
    if seen.restarts or is_stepped(seen) or not falls(seen) or seen.top_until == seen.top_at:
        return
    warmup, begun = warmup_of(seen), float(seen.ticks[seen.top_until])
    starts = [
        {"warmup": warmup, "steps": end, "num_decay_steps": max(1, round(end - begun))}
        for end in lengths_of(seen, total, begun=begun)
    ]
    for scaled in (("lr",), ("lr", "min_lr_ratio")):
        ratios = {"min_lr_ratio": Ratio("lr")} if len(scaled) > 1 else {}
        for kind in FALLS:
            yield Guess("wsd", starts, scaled, ratios, (("decay_type", kind),))
