"""A fall by the same factor at every tick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.identification.guess import Guess
from lrviz.identification.starting import factor_of, is_stepped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.identification.seen import Seen


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """The factor is the root of what the first and the last row are apart."""
    del total  # it has no end
    if is_stepped(seen) or len(seen.levels) < 2 or seen.values.min() <= 0:
        return
    yield Guess("exponential", [{"gamma": factor_of(seen)}])
