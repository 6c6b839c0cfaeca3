"""One cycle: a rise to the top and a longer fall to far below where it began."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.identification.corners import lines_of
from lrviz.identification.guess import Guess, Ratio
from lrviz.identification.starting import falls, is_stepped, lengths_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.identification.seen import Seen

LINEAR, THREE_PHASE = ("anneal_strategy", "linear"), ("three_phase", True)
KINDS = ((), (LINEAR,), (THREE_PHASE,), (LINEAR, THREE_PHASE))
WHERE = {"div_factor": Ratio("lr", divides=True), "final_div_factor": Ratio("div_factor", divides=True)}


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """With the factors that it has unless told otherwise, or others."""
    if seen.restarts or is_stepped(seen) or not (falls(seen) and seen.top_at > 0):
        return
    top = float(seen.ticks[seen.top_at])
    starts = [{"steps": end, "pct_start": float(f"{(top + 1) / end:.3g}")} for end in lengths_of(seen, total)]
    end = _end_of_lines(seen)
    if end and total is None:
        starts.insert(0, {"steps": end, "pct_start": float(f"{(top + 1) / end:.3g}")})
    for kind in KINDS:
        yield Guess("onecycle", starts, fixed=kind)
        ratios = {"div_factor": WHERE["div_factor"]}
        yield Guess("onecycle", starts, ("lr", "div_factor"), ratios, kind)
        yield Guess("onecycle", starts, ("lr", *WHERE), WHERE, kind)


def _end_of_lines(seen: Seen) -> int:
    """Where the last of three phases of straight lines comes to 0: the rows before tell little of that."""
    lines = lines_of(seen)
    return round(lines[-1].zero) + 1 if len(lines) == 3 and lines[-1].slope < 0 else 0
