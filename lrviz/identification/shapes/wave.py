"""Half a cosine, or more of the wave, maybe after a warmup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.identification.guess import Guess
from lrviz.identification.starting import falls, is_stepped, lengths_of, warmed, warmup_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lrviz.identification.seen import Seen


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """To 0, or to a floor."""
    if is_stepped(seen) or not (falls(seen) or seen.rises):
        return
    starts = [*_first_trough(seen, total), *warmed(seen, total)]
    yield Guess("cosine", starts)
    if not falls(seen):
        return
    if not seen.rises:
        ends = [{"T_max": start["steps"]} for start in starts]
        yield Guess("cosine_annealing", ends, ("lr", "eta_min"))
    yield Guess("cosine_with_min_lr", starts, ("lr", "min_lr"))
    yield Guess("cosine_warmup_with_min_lr", starts, ("lr", "min_lr"))
    if total is not None:
        several = [{**start, "num_cycles": 1.5} for start in warmed(seen, total)]
        yield Guess("cosine", several)


def _first_trough(seen: Seen, total: int | None) -> Iterator[Mapping[str, float]]:
    """A wave that rises again was at its lowest before."""
    if seen.restarts and total is None:
        yield {"warmup": warmup_of(seen), "steps": round(float(seen.ticks[seen.restarts[0] - 1]))}
    elif seen.restarts:
        yield {"warmup": warmup_of(seen), "steps": lengths_of(seen, total)[0]}
