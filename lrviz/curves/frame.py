"""What part of its axis a picture shows, and the steps of each curve in it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from lrviz.curves.refusals import about
from lrviz.errors import SpecError
from lrviz.notation.finding import Finding
from lrviz.view.place import AXES, Ruler, ruler_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.curves.series import Series
    from lrviz.notation.durations import Duration
    from lrviz.view.view import View


class Part(NamedTuple):
    """The steps of a curve that are in view, and where they stand; a log may stand ``shift`` steps later.

    The values at those ``marked`` are written beside it.
    """

    ruler: Ruler
    first: int
    stop: int
    shift: int = 0
    marked: tuple[int, ...] = ()

    def shows(self, step: int) -> bool:
        """Whether a step is in view."""
        return self.first <= step <= self.stop


class Frame(NamedTuple):
    """The ends of the axis, as places; the part of each curve; what was rounded."""

    ends: tuple[float, float]
    parts: tuple[Part, ...]
    findings: tuple[Finding, ...] = ()


def with_axis(view: View, rows: Sequence[Series]) -> View:
    """The view with what its axis counts: steps; epochs where all have as many, but not as long ones."""
    if view.x:
        return view
    epochs = {row.plan.epochs_run for row in rows}
    is_whole = view.start is None and view.stop is None and not any(row.logged for row in rows)
    differ = len({row.plan.epoch for row in rows}) > 1
    return replace(view, x="epoch" if is_whole and differ and len(epochs) == 1 else "step")


def frame_of(rows: Sequence[Series], view: View) -> Frame:
    """What is in view: all of every curve, or what lies between two places that all of them have.

    Raises:
        LrvizError: a run does not say where its steps stand, or nothing of it is in view.

    """
    alone, planned = len(rows) == 1, not all(row.logged for row in rows)
    wholes = [
        Part(_ruler(row, view, alone=alone), 0, row.steps, _shift(row, planned=planned)) for row in rows
    ]
    end = max(part.ruler.place(float(part.stop + part.shift)) for part in wholes)
    findings: list[Finding] = []
    low, high = _ends(rows, view, end, findings)
    parts = tuple(_part(row, whole, low, high) for row, whole in zip(rows, wholes, strict=True))
    parts = tuple(
        part._replace(marked=tuple(_marked(row, part, span, findings) for span in view.marked))
        for row, part in zip(rows, parts, strict=True)
    )
    return Frame((_whole(low), _whole(high)), parts, tuple(findings))


def _ends(rows: Sequence[Series], view: View, end: float, findings: list[Finding]) -> tuple[float, float]:
    """The places where the view begins and ends; ``end`` is that of the longest run.

    Raises:
        SpecError: nothing lies between them, or one lies behind that.

    """
    low = 0.0 if view.start is None else _edge(rows, view, "from", view.start, findings)
    high = end if view.stop is None else _edge(rows, view, "to", view.stop, findings)
    if high > end:
        text = f"to={_typed(view.stop)} lies behind the end of the longest run"
        raise SpecError(text, hint="leave out <to>, or give <to=100%>")
    if low >= end:
        text = f"from={_typed(view.start)} is not before the end of the longest run"
        raise SpecError(text, hint="leave out <from>, or give <from=50%>")
    if low >= high:
        text = f"nothing lies between from={_typed(view.start, '0')} and to={_typed(view.stop)}"
        raise SpecError(text, hint="give <from=0> and a later <to=100%>")
    return low, high


def _marked(row: Series, part: Part, span: Duration, findings: list[Finding]) -> int:
    """The step whose value is written.

    Raises:
        SpecError: the curve has none there, or not in view.

    """
    step, note = row.plan.ticks(span)
    if note:
        findings.append(Finding("rounded-share", "note", f"mark: {note}"))
    last = min(part.stop, row.ran - 1)
    if not part.first <= step <= last:
        text = f"{row.label}: mark={span.text} is step {step}, and in view are {part.first} to {last}"
        raise SpecError(text, hint=f"give <mark={last}>")
    return step


def _ruler(row: Series, view: View, *, alone: bool) -> Ruler:
    """How the axis counts the steps of a curve.

    Raises:
        PlanError: its run does not say; of several curves it is named.

    """
    with about("" if alone else row.label):
        return ruler_of(view, row.plan)


def _typed(span: Duration | None, end: str = "the end") -> str:
    return span.text if span else end


def _part(row: Series, whole: Part, low: float, high: float) -> Part:
    """What of a curve stands between two places.

    Raises:
        SpecError: nothing of it.

    """
    ruler, shift = whole.ruler, whole.shift
    first = ruler.step(low, row.steps + shift) - shift
    first += ruler.place(float(first + shift)) < low
    stop = ruler.step(high, row.steps + shift) - shift
    if max(first, row.start) >= min(stop, row.ran):
        text = f"{row.label} has no step in view"
        raise SpecError(text, hint="leave it out, or choose other <from> and <to>")
    return whole._replace(first=max(first, 0), stop=stop)


def _edge(rows: Sequence[Series], view: View, name: str, span: Duration, findings: list[Finding]) -> float:
    """The place of an end of the view, which must be one for all curves.

    Raises:
        SpecError: it is another one for each.

    """
    own = {"percent": ("fraction", 100), "epoch": ("epochs", 1)}.get(view.x)
    if own and span.unit == own[0]:
        return float(span.amount * own[1])
    places: dict[float, str] = {}
    for row in rows:
        step, note = row.plan.ticks(span)
        if note:
            findings.append(Finding("rounded-share", "note", f"{name}: {note}"))
        places.setdefault(ruler_of(view, row.plan).place(float(step)), f"{row.label} at step {step}")
    if len(places) > 1:
        one, other, *_ = places.values()
        hint = "give a step" if view.x == "step" else "give <x=step> and a step"
        text = f"{name}={span.text} is not one {AXES[view.x].unit}: {one}, {other}"
        raise SpecError(text, hint=f"{hint}, or <x=percent> with a percent")
    return places.popitem()[0]


def _whole(place: float) -> float:
    """A place as a whole number, where it is one."""
    return int(place) if place == int(place) else place


def _shift(row: Series, *, planned: bool) -> int:
    """How much later than their own steps the rows of a log are drawn, beside curves that are planned."""
    return row.logged.column.offset if row.logged and planned else 0
