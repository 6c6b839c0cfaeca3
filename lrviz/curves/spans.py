"""The phases of a curve as a picture marks them: up to where it ends, and what lies beyond."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lrviz.draw.scene import Span

if TYPE_CHECKING:
    from lrviz.curves.series import Series

PAST: Final = "past its planned end"
NOTHING: Final = "no value"


def spans_of(row: Series, start: int) -> tuple[Span, ...]:
    """The phases from ``start`` on; a log has none.

    They end at the end that the schedule was told, where its run goes on, and where its framework raises.
    """
    if row.logged:
        return ()
    planned = row.run.planned_end if row.run and not row.facts.stop else None
    end = planned or row.ran
    phases = row.timeline.phases
    stops = [*(phase.start for phase in phases[1:]), float(row.steps)]
    spans = [
        Span(phase.name, max(phase.start, start), min(stop, end), phase.kind == "warmup")
        for phase, stop in zip(phases, stops, strict=True)
        if phase.start < end and stop > start
    ]
    if planned:
        spans.append(Span(PAST, float(planned), float(row.ran)))
    if row.ran < row.steps:
        spans.append(Span(NOTHING, float(row.ran), float(row.steps), ran=False))
    return tuple(spans)
