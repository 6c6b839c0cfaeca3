"""One cycle as optax counts it: its rise is a share of all ticks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.identification.guess import Guess
from lrviz.identification.starting import falls, is_stepped, lengths_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.identification.seen import Seen


def guesses(seen: Seen, total: int | None) -> Iterator[Guess]:
    """With the factors that it has unless told otherwise."""
    if seen.restarts or is_stepped(seen) or not (falls(seen) and seen.top_at > 0):
        return
    top, ends = float(seen.ticks[seen.top_at]), [total] if total else [*seen.ends, *lengths_of(seen, total)]
    starts = [{"transition_steps": end, "pct_start": float(f"{top / end:.3g}")} for end in ends]
    yield Guess("optax.cosine_onecycle_schedule", starts)
