"""Param groups whose rows are the plan of another group of the run."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from lrviz.notation.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.compare.difference import Difference

MOST_GROUPS = 16
"""More groups are not tried one by one."""


def swapped_groups(pairs: Sequence[Difference]) -> Iterator[Finding]:
    """Which of the groups that differ has the rows that were planned for which other one."""
    apart = [pair for pair in pairs if not pair.equal and pair.of_log is not None]
    if not 1 < len(apart) <= MOST_GROUPS:
        return
    others = [(one, other) for one, other in product(apart, apart) if one is not other and _has(one, other)]
    for one, other in others:
        text = f"every row is that of {other.one.label}, so groups may be in another order than planned"
        yield Finding("log-groups", "note", text, label=one.other.label)


def _has(one: Difference, other: Difference) -> bool:
    """Whether all rows of one log are the plan of the other."""
    steps, column = one.case.ticks, one.other.column
    if steps is None or column is None or other.one.bound <= steps[-1]:
        return False
    ticks = steps.astype(float)
    far = np.abs(one.other.timeline(ticks) - other.one.timeline(ticks))
    return bool(np.all(far <= float(column.least.max()) + one.case.slack))
