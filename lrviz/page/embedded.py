"""The exact values that a page carries: one a column, and at every place where a curve does something."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lrviz.curves.frame import frame_of
from lrviz.curves.quantities import of_quantity
from lrviz.engine.distinct import distinct
from lrviz.engine.envelope import columns, envelope
from lrviz.page.dense import band_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lrviz.curves.frame import Part
    from lrviz.curves.series import Series
    from lrviz.draw.scene import Line, Picture
    from lrviz.page.dense import Band

COLUMNS = 280
"""Stretches of a run of which the first step and the extremes are carried."""
FEWEST = 60
MOST_VALUES = 60_000
"""More values than these make a page slow; of many curves fewer columns are taken."""


class Stretch(NamedTuple):
    """The steps of a curve from the first to the one after the last, and their line of each quantity."""

    low: int
    high: int
    lines: tuple[Line | None, ...]


class Track(NamedTuple):
    """One quantity of a curve: its values at the ticks of the curve, and at which of these it jumps.

    Where its cycles are narrow, it has a band in each of its stretches.
    """

    series: Series
    values: NDArray[np.float64]
    jumps: NDArray[np.int64]
    bands: tuple[Band, ...] = ()

    @property
    def band(self) -> Band | None:
        """The one that is needed for what is seen first, if any."""
        return self.bands[-1] if self.bands and self.bands[-1].is_needed else None


class Embedded(NamedTuple):
    """One curve: its values at some ticks, of each quantity that it has."""

    ticks: NDArray[np.int64]
    tracks: tuple[Track | None, ...]


def embedded(rows: Sequence[Series], whole: Picture, asked: Picture, others: Sequence[str]) -> list[Embedded]:
    """The values of each curve, all at the same steps as far as they run; those of a log at its rows.

    They are finer in the part that is ``asked`` for. ``others`` are the quantities besides the one that
    the rows are of.
    """
    quantities = [(row, *(of_quantity(row, name) for name in others)) for row in rows]
    parts = frame_of(rows, asked.view).parts
    stretches = [*map(_stretches, rows, whole.lines, asked.lines, parts)]
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
        _logged(series, line) if row.logged else _valued(series, shared, own, count)
        for row, line, series, own in zip(rows, whole.lines, quantities, stretches, strict=True)
    ]


def _stretches(row: Series, whole: Line, asked: Line, part: Part) -> list[Stretch]:
    """The run of a curve, and the part of it that is seen first, if that is less."""
    run = Stretch(int(whole.x[0]), row.ran, (whole, *whole.others))
    seen = Stretch(max(part.first, run.low), min(part.stop, run.high), (asked, *asked.others))
    return [run] if seen[:2] == run[:2] else [run, seen]


def _logged(series: Sequence[Series | None], line: Line) -> Embedded:
    tracks = (Track(one, line.y, np.zeros(0, np.int64)) if one else None for one in series)
    return Embedded(line.x.astype(np.int64), tuple(tracks))


def _valued(
    series: Sequence[Series | None], ticks: NDArray[np.int64], stretches: Sequence[Stretch], count: int
) -> Embedded:
    own = ticks[(ticks >= stretches[0].low) & (ticks < min(one.ran for one in series if one))]
    tracks = (_track(one, index, own, stretches, count) if one else None for index, one in enumerate(series))
    return Embedded(own, tuple(tracks))


def _track(
    one: Series, index: int, ticks: NDArray[np.int64], stretches: Sequence[Stretch], count: int
) -> Track:
    jumps = distinct(np.concatenate([_jumps(one, stretch, count) for stretch in stretches]))
    places = np.searchsorted(ticks, jumps)
    values = one.timeline(ticks.astype(float))
    bands = (
        band_of(line, ticks, stretch.low, stretch.high, count)
        for stretch in stretches
        if (line := stretch.lines[index])
    )
    return Track(one, values, places[places < ticks.size], tuple(bands))


def _jumps(row: Series, stretch: Stretch, count: int) -> NDArray[np.int64]:
    """The ticks whose value is no continuation of the one before, where there are few enough to draw."""
    return np.array(row.timeline.jumps(stretch.low, stretch.high, count) or [], np.int64)


def _own(row: Series, stretch: Stretch, count: int) -> NDArray[np.int64]:
    """Every step of a short stretch; else one a column, its extremes, and what is marked or jumps."""
    low, high, _ = stretch
    if high - low <= 2 * count:
        return np.arange(low, high)
    first, last = columns(low, high, count)
    with np.errstate(all="ignore"):
        seen = envelope(row.timeline, first, last)
        following = np.append(row.timeline(first.astype(float))[1:], math.nan)
    turns = (seen.low_at, seen.low < following), (seen.high_at, seen.high > following)
    inside = [at[(at != first) & ((at != last) | is_turn)] for at, is_turn in turns]
    # A walk does not tell where it jumps, but an extreme may be the first value after a jump.
    before = [at - 1 for at in inside] if row.timeline.walks else []
    jumps = _jumps(row, stretch, count)
    starts = np.array([np.ceil(phase.start) for phase in row.timeline.phases[1:]])
    marks = [high - 1, row.facts.peak_at, row.facts.low_at]
    ticks = np.concatenate([first, *inside, *before, jumps, jumps - 1, starts[np.isfinite(starts)], marks])
    return distinct(ticks[(ticks >= low) & (ticks < high)].astype(np.int64))
