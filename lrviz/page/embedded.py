"""The exact values that a page carries: one a column, and at every place where a curve does something."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from lrviz.curves.quantities import of_quantity
from lrviz.engine.distinct import distinct
from lrviz.engine.envelope import columns, envelope
from lrviz.page.dense import NO_BAND, band_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lrviz.curves.frame import Part
    from lrviz.curves.series import Series
    from lrviz.draw.scene import Line
    from lrviz.page.dense import Band

Stretch: TypeAlias = tuple[int, int]
"""Its first step, and the one after its last."""
COLUMNS = 280
"""Stretches of a run of which the first step and the extremes are carried."""
FEWEST = 60
MOST_VALUES = 60_000
"""More values than these make a page slow; of many curves fewer columns are taken."""


class Track(NamedTuple):
    """One quantity of a curve: its values at the ticks of the curve, and at which of these it jumps.

    Where its cycles are narrow, it has a ``band``.
    """

    series: Series
    values: NDArray[np.float64]
    jumps: NDArray[np.int64]
    band: Band


class Embedded(NamedTuple):
    """One curve: its values at some ticks, of each quantity that it has."""

    ticks: NDArray[np.int64]
    tracks: tuple[Track | None, ...]


def embedded(
    rows: Sequence[Series], lines: Sequence[Line], parts: Sequence[Part], others: Sequence[str]
) -> list[Embedded]:
    """The values of each curve, all at the same steps as far as they run; those of a log at its rows.

    They are finer in the ``parts`` that are seen first. ``others`` are the quantities besides the one that
    the rows are of.
    """
    quantities = [(row, *(of_quantity(row, name) for name in others)) for row in rows]
    stretches = [_stretches(row, line, part) for row, line, part in zip(rows, lines, parts, strict=True)]
    tracks = [
        (one, own)
        for series, own in zip(quantities, stretches, strict=True)
        for one in series
        if one and not one.logged
    ]
    count = COLUMNS
    while True:
        found = [_own(one, stretch, count) for one, own in tracks for stretch in own]
        shared = distinct(np.concatenate(found)) if found else np.zeros(0, np.int64)
        if shared.size * len(tracks) <= MOST_VALUES or count <= FEWEST:
            break
        count //= 2
    return [
        _logged(series, line) if row.logged else _valued(series, line, shared, own, count)
        for row, line, series, own in zip(rows, lines, quantities, stretches, strict=True)
    ]


def _stretches(row: Series, line: Line, part: Part) -> list[Stretch]:
    """The run of a curve, and the part of it that is seen first, if that is less."""
    whole = int(line.x[0]), row.ran
    seen = max(part.first, whole[0]), min(part.stop, row.ran)
    return [whole] if seen == whole else [whole, seen]


def _logged(series: Sequence[Series | None], line: Line) -> Embedded:
    tracks = (Track(one, line.y, np.zeros(0, np.int64), NO_BAND) if one else None for one in series)
    return Embedded(line.x.astype(np.int64), tuple(tracks))


def _valued(
    series: Sequence[Series | None],
    line: Line,
    ticks: NDArray[np.int64],
    stretches: Sequence[Stretch],
    count: int,
) -> Embedded:
    own = ticks[(ticks >= line.x[0]) & (ticks < min(one.ran for one in series if one))]
    lines = (line, *line.others)
    return Embedded(
        own,
        tuple(
            _track(one, drawn, own, stretches, count) if one and drawn else None
            for one, drawn in zip(series, lines, strict=True)
        ),
    )


def _track(
    one: Series, line: Line, ticks: NDArray[np.int64], stretches: Sequence[Stretch], count: int
) -> Track:
    jumps = distinct(np.concatenate([_jumps(one, stretch, count) for stretch in stretches]))
    places = np.searchsorted(ticks, jumps)
    values = one.timeline(ticks.astype(float))
    return Track(one, values, places[places < ticks.size], band_of(line, ticks, count))


def _jumps(row: Series, stretch: Stretch, count: int) -> NDArray[np.int64]:
    """The ticks whose value is no continuation of the one before, where there are few enough to draw."""
    return np.array(row.timeline.jumps(*stretch, count) or [], np.int64)


def _own(row: Series, stretch: Stretch, count: int) -> NDArray[np.int64]:
    """Every step of a short stretch; else one a column, its extremes, and what is marked or jumps."""
    low, high = stretch
    if high - low <= 2 * count:
        return np.arange(low, high)
    first, last = columns(low, high, count)
    with np.errstate(all="ignore"):
        seen = envelope(row.timeline, first, last)
    inside = [at[(at != first) & (at != last)] for at in (seen.low_at, seen.high_at)]
    # A walk does not tell where it jumps, but an extreme may be the first value after a jump.
    before = [at - 1 for at in inside] if row.timeline.walks else []
    jumps = _jumps(row, stretch, count)
    starts = np.array([np.ceil(phase.start) for phase in row.timeline.phases[1:]])
    marks = [high - 1, row.facts.peak_at, row.facts.low_at]
    ticks = np.concatenate([first, *inside, *before, jumps, jumps - 1, starts[np.isfinite(starts)], marks])
    return distinct(ticks[(ticks >= low) & (ticks < high)].astype(np.int64))
