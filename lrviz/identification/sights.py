"""What is seen of a curve, in words: where nothing reproduces it, that is what can be said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.notation.numbers import counted, lr_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.identification.seen import Seen

FEW = 12
"""Levels that are stairs; more are a curve."""


def sights(seen: Seen) -> Iterator[str]:
    """Its parts, one after another."""
    if len(seen.levels) == 1:
        yield f"stays at {lr_text(seen.top)}"
        return
    top, until = seen.top_at, seen.top_until
    if top > 0:
        straight = "in a straight line " if seen.straight > top else ""
        yield f"rises {straight}from {_at(seen, 0)} to {_at(seen, top)}"
    if until > top:
        yield f"stays at {lr_text(float(seen.values[until]))} up to x {_x(seen, until)}"
    if until == seen.values.size - 1:
        if seen.is_rise:
            yield "is not seen to stop rising: any longer warmup would do, and whatever follows"
        return
    last = (seen.restarts[0] if seen.restarts else seen.values.size) - 1
    stairs = len([level for level in seen.levels if seen.ticks[until] < level.first <= seen.ticks[last]])
    how = f"in {counted(stairs, 'step')} " if 2 * stairs < last - until and stairs < FEW else ""
    yield f"falls {how}to {_at(seen, last)}"
    if seen.restarts:
        rises = counted(len(seen.restarts), "row")
        yield f"rises again at {_at(seen, seen.restarts[0])}, {rises} above the one before in all"


def _at(seen: Seen, row: int) -> str:
    return f"{lr_text(float(seen.values[row]))} at x {_x(seen, row)}"


def _x(seen: Seen, row: int) -> str:
    return f"{seen.ticks[row]:g}"
