"""From curves to a chart: its axes, and the exact extremes of every column of dots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from lrviz.curves.drawable import check_range
from lrviz.curves.frame import frame_of
from lrviz.curves.quantities import NAMES
from lrviz.curves.series import common_epoch
from lrviz.curves.spans import spans_of
from lrviz.draw.chart import Trace
from lrviz.draw.letters import LETTERS
from lrviz.draw.text_area import Area
from lrviz.draw.ticks import NO_LOG, log_scale, value_scale
from lrviz.engine.extents import extents
from lrviz.errors import OutputError
from lrviz.view.view import PLAIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.curves.series import Series
    from lrviz.draw.dots import Values
    from lrviz.draw.ticks import Scale

HEADROOM: Final = 0.06


def chart_of(
    chosen: Sequence[Series], size: tuple[int, int], *, log: bool, ascii_only: bool
) -> tuple[Area, list[Trace]]:
    """The place of a chart, ``size`` characters wide and rows high, and its curves.

    Raises:
        OutputError: more curves than there are letters, or what an axis cannot show.

    """
    if len(chosen) > len(LETTERS):
        hint = "chart fewer at once; lrviz show lists any number of them"
        raise OutputError(f"{len(chosen)} curves in one chart, which has {len(LETTERS)} letters", hint=hint)
    for row in chosen:
        check_range(row)
    frame = frame_of(chosen, PLAIN)
    area = Area(
        _scale(chosen, log=log),
        int(frame.ends[1]),
        common_epoch(chosen),
        NAMES.get(chosen[0].quantity, chosen[0].quantity),
        *size,
        ascii_only,
    )
    alone = len(chosen) == 1
    return area, [
        _trace(row, area, part.shift, alone=alone) for row, part in zip(chosen, frame.parts, strict=True)
    ]


def _scale(chosen: Sequence[Series], *, log: bool) -> Scale:
    """The axis of all values.

    Raises:
        OutputError: it is to be logarithmic, and no value is above 0.

    """
    values = [_values(row) for row in chosen]
    if not log:
        return value_scale(values, HEADROOM)
    scale = log_scale(values, HEADROOM)
    if scale is None:
        raise OutputError(NO_LOG, hint="leave out --log")
    return scale


def _values(row: Series) -> Values:
    """What an axis has to show of a curve."""
    if row.logged:
        return row.logged.column.values
    seen, *_ = row.seen
    return np.concatenate([seen.low, seen.high])


def _trace(row: Series, area: Area, shift: int, *, alone: bool) -> Trace:
    """One curve over the columns of dots; a branch from where it leaves another, unless it is ``alone``."""
    start = 0 if alone else row.start
    if row.logged:
        x = row.logged.column.x + shift
        nothing = np.full(area.columns, np.nan)
        return Trace(nothing, nothing, points=(x, row.logged.column.values))
    low, high = extents(row.timeline, (start, row.ran), area.steps, area.columns, positive=area.scale.log)
    return Trace(low, high, spans_of(row, start, row.steps), row.facts.stop[0] if row.facts.stop else None)
