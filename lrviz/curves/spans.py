"""The phases of a curve as a picture marks them: up to where it ends, and what lies beyond."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lrviz.draw.scene import Span
from lrviz.notation.numbers import grouped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.curves.frame import Part
    from lrviz.curves.series import Series
    from lrviz.engine.timeline import Phase

PAST: Final = "past its planned end"
NOTHING: Final = "no value"
COUNTED: Final = 20  # cycles that are told apart in a picture


def spans_of(row: Series, start: int, stop: int) -> tuple[Span, ...]:
    """The phases in a view from ``start`` to ``stop``; a log has none.

    They end where the framework raises, and at the end that the schedule was told if it goes on behind it.
    """
    if row.logged:
        return ()
    planned = planned_end(row)
    end = planned or row.ran
    phases = _joined(row.timeline.phases)
    ends = [*(phase.start for phase in phases[1:]), float(row.steps)]
    spans = [
        Span(phase.name, low, high, phase.kind == "warmup", cycles=_cycles(phase, high - low))
        for phase, last in zip(phases, ends, strict=True)
        if phase.start < min(end, stop) and last > start
        for low, high in [(max(phase.start, start), min(last, end, stop))]
    ]
    if planned:
        spans.append(Span(PAST, float(planned), float(row.ran)))
    if row.ran < row.steps:
        spans.append(Span(NOTHING, float(row.ran), float(row.steps), ran=False))
    return tuple(spans)


def placed_spans(row: Series, part: Part, start: int) -> tuple[Span, ...]:
    """The phases in view from ``start`` on, at their places."""
    place, spans = part.ruler.place, spans_of(row, start, part.stop)
    return tuple(span._replace(start=place(span.start), end=place(span.end)) for span in spans)


def planned_end(row: Series) -> int | None:
    """Where the schedule was told to end, if it does not stop and none of its own phases begins there."""
    end = row.run.planned_end if row.run and not row.facts.stop else None
    is_own = end is not None and any(abs(phase.start - end) <= 1 for phase in row.timeline.phases)
    return None if is_own else end


def _joined(phases: Sequence[Phase]) -> list[Phase]:
    """The phases, without those that go on with what the one before is called: a warmup in two parts."""
    names = [(phase.kind, phase.name) for phase in phases]
    return [
        phase
        for i, phase in enumerate(phases)
        if phase.kind != "warmup" or i == 0 or names[i] != names[i - 1]
    ]


def _cycles(phase: Phase, length: float) -> str:
    """How many cycles it has, if they are as long as each other and too many to be counted."""
    if phase.kind != "cycle" or phase.shape.cycle is None:
        return ""
    count = length / phase.shape.cycle
    if count < COUNTED:
        return ""
    whole = abs(count - round(count)) <= 1e-9 * count
    return f"{grouped(round(count))} {phase.name}" if whole else f"{count:.1f} {phase.name}"
