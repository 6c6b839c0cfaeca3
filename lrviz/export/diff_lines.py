"""A comparison in lines for people, as diff(1) heads them: which steps differ, by how much, why."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lrviz.notation.numbers import counted, distinct_texts, lr_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.compare.difference import Difference, Range
    from lrviz.compare.pairs import Differences

FEW = 10
"""Ranges that are listed."""


def diff_lines(found: Differences) -> Iterator[str]:
    """What of each pair differs; nothing where nothing does."""
    for pair in found.pairs:
        if not pair.equal:
            yield f"--- {pair.names[0]}{_length(pair.lengths[0])}"
            yield f"+++ {pair.names[1]}{_length(pair.lengths[1])}"
            yield from _ranges(pair)
            yield from _ends(pair)
            if pair.cause:
                yield f"cause: {pair.cause}"
            yield from (f"or: {cause.text}" for cause in pair.others)
            if pair.unexplained:
                yield f"cause: none found; {pair.unexplained}"
    for side, label in found.alone:
        yield f"only in {side}: {label}"


def _length(steps: int | None) -> str:
    return "" if steps is None else f": {counted(steps, 'step')}"


def _ranges(pair: Difference) -> Iterator[str]:
    for one in pair.ranges(FEW):
        yield _range(pair, one)
    more, largest = len(pair.found) - FEW, pair.largest
    if more > 0 and largest is not None:
        last = pair.place(int(pair.found.first[-1]))
        yield f"and {counted(more, 'more range')}, the last from {pair.unit}{last} on"
        yield f"most at {_most(pair, largest)}"


def _range(pair: Difference, one: Range) -> str:
    if one.first == one.last:
        return f"{pair.unit}{pair.place(one.first)} differs: {_values(pair, one)}"
    within = "within " if pair.found.is_hull else ""
    plural = pair.unit.replace(" ", "s ")
    stretch = f"{within}{plural}{pair.place(one.first)} to {pair.place(one.last)}"
    return f"{stretch} differ, most at {_most(pair, one)}"


def _most(pair: Difference, one: Range) -> str:
    return f"{pair.unit}{pair.place(one.step)}: {_values(pair, one)}"


def _values(pair: Difference, one: Range) -> str:
    """``9.9e-4, not 1e-3 (-1e-5, 1% of the peak)``."""
    here, there = distinct_texts(one.here, one.there)
    if not math.isfinite(one.distance):
        return f"{there}, not {here}"
    share = lr_text(100 * abs(one.distance) / pair.top)
    return f"{there}, not {here} ({lr_text(one.distance)}, {share}% of the peak)"


def _ends(pair: Difference) -> Iterator[str]:
    """Where one has steps that the other has not."""
    if not pair.lengths_differ:
        return
    tracks = {"the first": pair.one, "the second": pair.other}
    for name, track in tracks.items():
        if track.why:
            yield f"{name} stops at step {track.ran}: {track.why}"
    longer, shorter = sorted(tracks, key=lambda name: -(tracks[name].steps or 0))
    high, low = tracks[longer].steps or 0, tracks[shorter].steps or 0
    if high > low:
        same = "" if len(pair.found) else f"the same up to step {low - 1}; "
        yield f"{same}only {longer} has {_steps(low, high - 1)}"


def _steps(first: int, last: int) -> str:
    return f"step {first}" if first == last else f"steps {first} to {last}"
