"""One LR, maybe after a rise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.identification.guess import Guess, Ratio
from lrviz.identification.starting import falls, warmup_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.identification.seen import Seen


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """A constant, a warmup from 0 or from a part of the LR, or a lower constant first."""
    del total  # it has no end
    if falls(seen):
        return
    if len(seen.levels) == 1:
        yield Guess("constant", solved=True)
        return
    if len(seen.levels) == 2:
        start = {"total_iters": int(seen.levels[1].first)}
        yield Guess("torch.ConstantLR", [start], ("lr", "factor"), {"factor": Ratio("lr")}, solved=True)
    warmup = warmup_of(seen)
    yield Guess("constant_with_warmup", [{"warmup": warmup}])
    factor = {"start_factor": Ratio("lr")}
    yield Guess("torch.LinearLR", [{"total_iters": warmup}], ("lr", "start_factor"), factor)
