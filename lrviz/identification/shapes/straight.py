"""A straight fall, maybe after a warmup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.identification.guess import Guess, Ratio
from lrviz.identification.starting import falls, is_stepped, lengths_of, warmed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.identification.seen import Seen


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """To 0, or to a floor."""
    if seen.restarts or is_stepped(seen) or not (falls(seen) or seen.rises):
        return
    yield Guess("linear", warmed(seen, total))
    if not falls(seen):
        return
    yield Guess("polynomial", warmed(seen, total))
    if not seen.rises:
        ends = [{"total_iters": end} for end in lengths_of(seen, total)]
        factor = {"end_factor": Ratio("lr")}
        yield Guess("torch.LinearLR", ends, ("lr", "end_factor"), factor, (("start_factor", 1.0),))
    yield Guess("polynomial", warmed(seen, total), ("lr", "min_lr"))
