"""A fall by a power of what is left, maybe after a warmup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.identification.guess import Guess
from lrviz.identification.starting import falls, is_stepped, lengths_of, powers, warmed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.identification.seen import Seen
IS_GENERAL = True


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """To 0, to the floor that transformers has unless told otherwise, or to another."""
    if seen.restarts or is_stepped(seen) or not falls(seen):
        return
    if not seen.rises:
        ends = [{"total_iters": end, "power": p} for p in powers() for end in lengths_of(seen, total)]
        yield Guess("torch.PolynomialLR", ends)
    starts = [start for p in powers() for start in warmed(seen, total, power=p)]
    yield Guess("polynomial", starts)
    yield Guess("polynomial", starts, ("lr", "min_lr"))
