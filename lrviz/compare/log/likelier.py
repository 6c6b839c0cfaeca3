"""Of what explains all rows alike, what the rows show comes before what they hide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lrviz.compare.log import models
from lrviz.compare.log.parameters import COUNTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.compare.log.log_cause import LogCause
    from lrviz.compare.log.log_rows import LogCase

    Causes = tuple[LogCause, ...]

STEPPING = {"speed", "stairs"}
LENGTHS = {"warmup", "total"}


def likeliest_first(found: Sequence[Causes], case: LogCase) -> Iterator[Causes]:
    """A scheduler that is stepped otherwise comes behind a number of the plan that is seen to end."""
    (first, *_), *others = found
    is_stepping = first.id in STEPPING and len(found[0]) == 1
    ends = [one for one in others if is_stepping and len(one) == 1 and _is_likelier(one[0], first, case)]
    yield from ends
    yield from (one for one in found if one not in ends)


def _is_likelier(number: LogCause, stepping: LogCause, case: LogCase) -> bool:
    """Whether the log ends where that length does, or rows tell that end, and of the stairs nothing."""
    rows, there = case.rows, number.there or 0.0
    apart = int(np.median(np.diff(rows.ticks)))
    end = rows.last + apart
    if number.id == "total" and abs(there - end) <= apart:
        return True
    return stepping.id == "stairs" and there <= end and _counts(number, case) and _is_hidden(stepping, case)


def _counts(number: LogCause, case: LogCase) -> bool:
    own = (one.parameter for one in case.plan.varied if one.parameter.role in COUNTS)
    return number.id in LENGTHS or number.name in {one.name for one in own}


def _is_hidden(stairs: LogCause, case: LogCase) -> bool:
    """Whether no row tells that it stands still between two steps."""
    slower = models.on_clock(case.plan, lambda t, size: t / size)
    return not case.rows.differing(slower(case.rows.ticks, np.array(stairs.there))).size
