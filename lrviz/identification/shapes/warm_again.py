"""Falls that begin again at the top, without end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.identification.guess import Guess
from lrviz.identification.shapes.again import lengths_between, whole_between

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.identification.seen import Seen

TIMES = (1, 2, 3)


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """Cosines, each some times as long as the one before."""
    del total  # they have no end
    if not seen.restarts or seen.rises:
        return
    starts = [
        {"T_0": length, "T_mult": times}
        for times in TIMES
        for length in whole_between(*lengths_between(seen, 0, times))
    ]
    yield Guess("warm_restarts", starts)
    yield Guess("warm_restarts", starts, ("lr", "eta_min"))
