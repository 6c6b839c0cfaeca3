"""A few exact values of curves of any length, from which any other curve is told."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from lrviz.engine.sampling import polyline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lrviz.curves.series import Series
    from lrviz.engine.timeline import Rates, TickArray

COLUMNS = 24
"""Stretches of a run of which the ends and extremes are kept."""
MOST_JUMPS = 64


def samples_of(rows: Iterable[Series]) -> TickArray:
    """The steps whose values tell the curves from others: ends, extremes, and both sides of jumps."""
    rows = list(rows)
    steps = np.unique(np.concatenate([_own(row) for row in rows]))
    return steps[steps < max(row.steps for row in rows)]


def values_at(row: Series, steps: TickArray) -> Rates:
    """The values at these steps; nan where the run is over, has stopped, or has no finite value."""
    found = np.full(steps.shape, math.nan)
    runs = (steps >= 0) & (steps < row.ran)
    with np.errstate(all="ignore"):
        found[runs] = row.known(steps[runs])
    return np.where(np.isfinite(found), found, math.nan)


def _own(row: Series) -> TickArray:
    if row.logged:
        return row.logged.column.x
    stop = row.ran
    drawn = polyline(row.timeline, 0, stop, COLUMNS).x
    jumps = np.array(row.timeline.jumps(0, stop, MOST_JUMPS) or [], dtype=float)
    marks = np.array([0, row.facts.peak_at, row.facts.low_at, stop - 1, stop], dtype=float)
    return np.concatenate([drawn, jumps - 1, jumps, marks])
