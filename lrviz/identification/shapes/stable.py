"""A warmup, a stretch at the top, and a fall."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from lrviz.identification.guess import Guess, Ratio
from lrviz.identification.starting import falls, is_stepped, lengths_of, warmup_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.identification.seen import Seen

SHAPES = ("linear", "1-sqrt", "cosine")


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """Down to 0, or to a floor, which lifts the warmup as well."""
    if seen.restarts or is_stepped(seen) or not falls(seen) or seen.top_until == seen.top_at:
        return
    is_bent = seen.rises and seen.straight < seen.top_at
    begun = float(seen.ticks[seen.top_until])
    warmup = round(float(seen.ticks[seen.top_at])) if is_bent else warmup_of(seen)
    starts = [
        {"warmup": warmup, "steps": end, "num_decay_steps": max(1, round(end - begun))}
        for end in lengths_of(seen, total, begun=begun)
    ]
    for scaled in (("lr",), ("lr", "min_lr_ratio")):
        ratios = {"min_lr_ratio": Ratio("lr")} if len(scaled) > 1 else {}
        for rise, fall in product(SHAPES[1:] if is_bent else SHAPES[:1], SHAPES):
            own = (("warmup_type", rise),) if is_bent else ()
            yield Guess("wsd", starts, scaled, ratios, (*own, ("decay_type", fall)))
