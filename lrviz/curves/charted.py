"""From curves to a chart: its axes, and the exact extremes of every column of dots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from lrviz.curves.drawable import check_range
from lrviz.curves.frame import frame_of, with_axis
from lrviz.curves.quantities import NAMES
from lrviz.curves.series import common_epoch
from lrviz.curves.spans import placed_spans
from lrviz.draw.chart import Trace
from lrviz.draw.letters import LETTERS
from lrviz.draw.text_area import Area
from lrviz.draw.ticks import value_axis
from lrviz.engine.extents import extents
from lrviz.engine.sampling import LOOKED_AT, seen_until
from lrviz.errors import OutputError
from lrviz.notation.finding import Finding
from lrviz.view.place import AXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.curves.frame import Part
    from lrviz.curves.series import Series
    from lrviz.draw.dots import Values
    from lrviz.draw.ticks import Scale
    from lrviz.view.view import View

HEADROOM: Final = 0.06


class Chart(NamedTuple):
    """The place of a chart, its curves, and what is to be said of it."""

    area: Area
    traces: list[Trace]
    findings: tuple[Finding, ...]


def chart_of(chosen: Sequence[Series], size: tuple[int, int], view: View, *, ascii_only: bool) -> Chart:
    """A chart ``size`` characters wide and rows high.

    Raises:
        OutputError: more curves than there are letters, or what an axis cannot show.
        LrvizError: they do not say what the axis of the ``view`` counts, or nothing of one is in it.

    """
    if len(chosen) > len(LETTERS):
        hint = "chart fewer at once; lrviz show lists any number of them"
        raise OutputError(f"{len(chosen)} curves in one chart, which has {len(LETTERS)} letters", hint=hint)
    for row in chosen:
        check_range(row)
    view = with_axis(view, chosen)
    frame = frame_of(chosen, view)
    values = [_values(row, part) for row, part in zip(chosen, frame.parts, strict=True)]
    area = Area(
        value_axis(values, HEADROOM, log=view.panels == ("log",)),
        frame.ends,
        AXES[view.x].unit,
        common_epoch(chosen) if view.x == "step" else None,
        NAMES.get(chosen[0].quantity, chosen[0].quantity),
        *size,
        ascii_only,
    )
    alone = len(chosen) == 1
    traces = [_trace(row, area, part, alone=alone) for row, part in zip(chosen, frame.parts, strict=True)]
    return Chart(area, traces, (*frame.findings, *_nowhere(chosen, values, area.scale)))


def _nowhere(chosen: Sequence[Series], values: Sequence[Values], scale: Scale) -> Iterator[Finding]:
    """Which curves a logarithmic axis cannot show."""
    for row, own in zip(chosen, values, strict=True):
        if scale.log and not (own > 0).any():
            text = "nowhere above 0, and so not on the logarithmic axis"
            yield Finding("not-on-the-axis", "note", text, label=row.label)


def _values(row: Series, part: Part) -> Values:
    """What an axis has to show of a curve."""
    if row.logged:
        return row.logged.within(part.first, part.stop)[1]
    is_whole = part.first == 0 and part.stop >= row.steps
    seen, *_ = row.seen if is_whole else seen_until(row.timeline, part.first, _end(row, part), LOOKED_AT)
    return np.concatenate([seen.low, seen.high])


def _end(row: Series, part: Part) -> int:
    """One past the last step in view that has a value."""
    return min(part.stop, row.ran)


def _trace(row: Series, area: Area, part: Part, *, alone: bool) -> Trace:
    """One curve over the columns of dots; a branch from where it leaves another, unless it is ``alone``."""
    if row.logged:
        x, y = row.logged.within(part.first, part.stop)
        nothing = np.full(area.columns, np.nan)
        return Trace(nothing, nothing, points=(part.ruler.place(x + part.shift), y))
    start = part.first if alone else max(part.first, row.start)
    edges = part.ruler.steps(area.edges, row.steps)
    low, high = extents(row.timeline, (start, _end(row, part)), edges, positive=area.scale.log)
    stop = row.facts.stop[0] if row.facts.stop and part.shows(row.ran) else None
    return Trace(low, high, placed_spans(row, part, start), stop)
