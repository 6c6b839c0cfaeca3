"""The inverse square root, maybe after a warmup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.identification.guess import Guess
from lrviz.identification.starting import falls, is_stepped, warmup_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.identification.seen import Seen


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """With the warmup as its timescale, or another."""
    del total  # it has no end
    if seen.restarts or is_stepped(seen) or not (falls(seen) or seen.rises):
        return
    warmup = warmup_of(seen)
    yield Guess("inverse_sqrt", [{"warmup": warmup}])
    if seen.values[0] > 0:  # a warmup that begins above 0
        yield Guess("fairseq.inverse_sqrt", [{"warmup": warmup}], ("lr", "warmup_init_lr"))
    if falls(seen):
        scales = (max(1, warmup), 100, 1000, 10000)
        yield Guess("inverse_sqrt", [{"warmup": warmup, "timescale": one} for one in scales])
