"""The exact values that a page carries: one a column, and at every place where a curve does something."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lrviz.engine.distinct import distinct
from lrviz.engine.envelope import columns, envelope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lrviz.curves.series import Series
    from lrviz.draw.scene import Line

COLUMNS = 300
"""Stretches of a run of which the first step and the extremes are carried."""
FEWEST = 60
MOST_VALUES = 60_000
"""More values than these make a page slow; of many curves fewer columns are taken."""


class Embedded(NamedTuple):
    """One curve: its values at some ticks, and at which of these it jumps."""

    ticks: NDArray[np.int64]
    values: NDArray[np.float64]
    jumps: NDArray[np.int64]


def embedded(rows: Sequence[Series], lines: Sequence[Line]) -> list[Embedded]:
    """The values of each curve, all at the same steps as far as they run; those of a log at its rows."""
    count = COLUMNS
    while True:
        own = [
            _own(row, _first(line), count) for row, line in zip(rows, lines, strict=True) if not row.logged
        ]
        shared = distinct(np.concatenate(own)) if own else np.zeros(0, np.int64)
        if shared.size * len(own) <= MOST_VALUES or count <= FEWEST:
            break
        count //= 2
    return [
        _logged(line) if row.logged else _valued(row, _first(line), shared, count)
        for row, line in zip(rows, lines, strict=True)
    ]


def _first(line: Line) -> int:
    """The first step that is drawn."""
    return int(line.x[0])


def _logged(line: Line) -> Embedded:
    return Embedded(line.x.astype(np.int64), line.y, np.zeros(0, np.int64))


def _valued(row: Series, first: int, ticks: NDArray[np.int64], count: int) -> Embedded:
    own = ticks[(ticks >= first) & (ticks < row.ran)]
    places = np.searchsorted(own, _jumps(row, first, count))
    return Embedded(own, row.timeline(own.astype(float)), places)


def _jumps(row: Series, low: int, count: int) -> NDArray[np.int64]:
    """The ticks whose value is no continuation of the one before, where there are few enough to draw."""
    return np.array(row.timeline.jumps(low, row.ran, count) or [], np.int64)


def _own(row: Series, low: int, count: int) -> NDArray[np.int64]:
    """Every step of a short run; else one a column, its extremes, and what is marked or jumps."""
    high = row.ran
    if high - low <= 2 * count:
        return np.arange(low, high)
    first, last = columns(low, high, count)
    with np.errstate(all="ignore"):
        seen = envelope(row.timeline, first, last)
    inside = [at[(at != first) & (at != last)] for at in (seen.low_at, seen.high_at)]
    # A walk does not tell where it jumps, but an extreme may be the first value after a jump.
    before = [at - 1 for at in inside] if row.timeline.walks else []
    jumps = _jumps(row, low, count)
    starts = np.array([np.ceil(phase.start) for phase in row.timeline.phases[1:]])
    marks = [high - 1, row.facts.peak_at, row.facts.low_at]
    ticks = np.concatenate([first, *inside, *before, jumps, jumps - 1, starts[np.isfinite(starts)], marks])
    return distinct(ticks[(ticks >= low) & (ticks < high)].astype(np.int64))
