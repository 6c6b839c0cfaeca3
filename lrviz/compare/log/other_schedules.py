"""Which schedule made a log that is not as planned, where nothing that may happen to its plan explains it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lrviz.curves.wanted import is_log
from lrviz.identification.identified import identify
from lrviz.notation.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lrviz.compare.difference import Difference
    from lrviz.compare.pairs import Differences
    from lrviz.compare.sides import Side
    from lrviz.inputs.logs.log import Log

FEWEST_ROWS = 8
"""Fewer rows are those of many schedules."""
MOST_ROWS = 10_000
"""Of a log with more rows it takes too long beside a comparison: ``lrviz identify`` does it alone."""


def other_schedules(found: Differences, sides: Iterable[Side]) -> Iterator[Finding]:
    """The schedule that has every row of a log, for each pair of which nothing explains the difference."""
    logs = [item for side in sides for item in side.wanted if is_log(item)]
    for pair in found.pairs:
        if pair.unexplained and len(logs) == 1:
            spec = _schedule_of(pair, logs[0])
            if spec:
                text = f"every row is that of {spec}, another schedule or other numbers than planned"
                yield Finding("log-schedule", "note", text, label=pair.other.label)


def _schedule_of(pair: Difference, log: Log) -> str:
    column = pair.other.column
    if column is None or not FEWEST_ROWS <= column.values.size <= MOST_ROWS:
        return ""
    if not np.isfinite(column.values).all():
        return ""  # no schedule has such a row
    found = identify(log, column, is_wide=False).found
    return found[0].text if found else ""
