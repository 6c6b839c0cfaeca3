"""How far one curve is from another, as a line below both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from lrviz.draw.scene import Line
from lrviz.engine.distinct import distinct
from lrviz.engine.sampling import polyline
from lrviz.errors import OutputError
from lrviz.notation.numbers import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.curves.frame import Part
    from lrviz.curves.series import Series

COLUMNS: Final = 1000
"""Pixel columns in which the steps of both curves are looked at."""


def difference_of(rows: Sequence[Series], parts: Sequence[Part]) -> Line:
    """The second curve less the first, at the steps in view that both have.

    Raises:
        OutputError: they are not two schedules whose steps stand at the same places.

    """
    logs = any(row.logged for row in rows)
    if len(rows) != 2 or logs:
        text = f"panels=difference is of two schedules, got {counted(len(rows), 'curve')}"
        hint = "name two schedules, or leave out <panels>"
        raise OutputError(text, hint="lrviz diff FILE PLAN has that of a log" if logs else hint)
    one, other = rows
    if parts[0].ruler != parts[1].ruler:
        text = "panels=difference: the steps of the two runs stand at different places"
        raise OutputError(text, hint="give <x=step>")
    first = max(part.first for part in parts)
    stop = min(min(part.stop + 1, row.ran) for row, part in zip(rows, parts, strict=True))
    drawn = [polyline(row.timeline, first, stop, COLUMNS).x for row in rows]
    jumps = [row.timeline.jumps(first, stop, COLUMNS) or [] for row in rows]
    before = np.array([jump - 1 for own in jumps for jump in own], dtype=float)
    steps = distinct(np.concatenate([*drawn, before]))
    far = other.timeline(steps) - one.timeline(steps)
    return Line(f"{other.label} less {one.label}", parts[0].ruler.place(steps), far, 0.0, None, None)
