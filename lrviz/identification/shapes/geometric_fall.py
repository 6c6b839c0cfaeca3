"""A fall by the same factor at every tick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.identification.guess import Guess
from lrviz.identification.starting import is_stepped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.identification.seen import Seen


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """The factor is the root of what the first and the last row are apart."""
    del total  # it has no end
    if is_stepped(seen) or len(seen.levels) < 2 or seen.values.min() <= 0:
        return
    gamma = float((seen.values[-1] / seen.values[0]) ** (1 / (seen.last - seen.ticks[0])))
    yield Guess("exponential", [{"gamma": gamma}])
