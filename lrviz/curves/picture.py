"""From resolved specs to a picture: which curves it holds, what its title and subtitle say."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from lrviz.curves.difference_line import difference_of
from lrviz.curves.drawable import check_range
from lrviz.curves.footer import footer
from lrviz.curves.frame import frame_of, with_axis
from lrviz.curves.labels import numbered
from lrviz.curves.quantities import NAMES, of_quantity, others_in
from lrviz.curves.series import Series, epoch_length
from lrviz.curves.spans import placed_spans, planned_end
from lrviz.draw.scene import Line, Picture
from lrviz.engine.sampling import Polyline, are_stairs, polyline, stairs
from lrviz.engine.timeline import value_at_tick
from lrviz.errors import OutputError
from lrviz.view.place import AXES
from lrviz.view.view import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lrviz.curves.frame import Frame, Part
    from lrviz.curves.series import Logged
    from lrviz.view.view import View

COLUMNS = 1000
"""Pixel columns the exact extremes are computed for; a little less than a picture has."""
MANY = 4
"""More schedules than this are counted in the title, not named."""
MOST = 2000
"""Curves in one picture; each takes memory and time, and nobody reads so many."""


def picture_of(chosen: Sequence[Series], quantity: str, view: View = PLAIN) -> Picture:
    """Everything the drawing needs to know of these curves.

    Raises:
        OutputError: more curves than one picture can hold, or one beyond what an axis can show.
        LrvizError: they do not say what the ``view`` is to show, or nothing of one is in it.

    """
    if len(chosen) > MOST:
        hint = "draw fewer at once; lrviz show lists any number of them"
        raise OutputError(f"{len(chosen)} curves in one picture, at most {MOST} are drawn", hint=hint)
    names = list(dict.fromkeys(row.title for row in chosen))
    view = with_axis(view, chosen)
    frame = frame_of(chosen, view)
    as_stairs = are_stairs(max(part.stop - part.first for part in frame.parts))
    line = partial(_line, alone=len(names) == 1, as_stairs=as_stairs)
    others, labels = others_in(chosen, view), _labels(chosen, names, view.title)
    apart = difference_of(chosen, frame.parts) if "difference" in view.panels else None
    return Picture(
        lines=tuple(
            replace(line(row, part), label=label, name=name, others=_beside(row, part, others, line))
            for row, part, label, name in zip(chosen, frame.parts, labels, _own_names(chosen), strict=True)
        ),
        title=view.title if view.title is not None else _names(names, len(chosen)),
        subtitle=" · ".join([_subtitle(chosen), *_part_shown(view, frame)]),
        steps=frame.ends,
        steps_per_epoch=epoch_length(chosen) if view.x == "step" else None,
        quantity=NAMES.get(quantity, quantity),
        others=tuple(NAMES.get(name, name) for name in others),
        log=view.panels == ("log",),
        difference=apart,
        footer=footer(chosen),
        stairs=as_stairs,
        view=view,
    )


def _beside(
    row: Series, part: Part, others: Iterable[str], line: Callable[[Series, Part], Line]
) -> tuple[Line | None, ...]:
    """The line of each of the other quantities, if a curve has it."""
    found = (of_quantity(row, name) for name in others)
    return tuple(line(one, part) if one else None for one in found)


def _names(names: list[str], curves: int) -> str:
    return ", ".join(names) if len(names) <= MANY else f"{curves} curves"


def _labels(chosen: Sequence[Series], names: list[str], title: str | None) -> list[str]:
    """The names of the curves; of a single schedule, which the title names, what follows that."""
    if len(names) > 1:
        return [row.label for row in chosen]
    beside = [row.group or row.label for row in chosen]
    parts = [label.removeprefix(names[0])[1:] for label in beside]
    is_said = title is None and all(
        part and label == f"{names[0]}{mark}{part}" and mark in " :"
        for label, part in zip(beside, parts, strict=True)
        for mark in [label[len(names[0]) : len(names[0]) + 1]]
    )
    return parts if is_said else beside


def _own_names(chosen: Sequence[Series]) -> list[str]:
    """What the schedules are called by lrviz, numbered where they are the same."""
    return numbered([row.run.schedule.id.partition(".")[2] if row.run else "" for row in chosen])


def _subtitle(chosen: Iterable[Series]) -> str:
    budgets = list(dict.fromkeys(row.budget for row in chosen))
    warmups = {row.run.warmup if row.run else None for row in chosen}
    parts = budgets if len(budgets) <= MANY else [f"{len(budgets)} runs of different length"]
    return " · ".join([*parts, *(f"warmup {one.text}" for one in warmups if one and len(warmups) == 1)])


def _part_shown(view: View, frame: Frame) -> list[str]:
    """What is said of a picture that does not show all of its curves."""
    if view.start is None and view.stop is None:
        return []
    low, high = (str(end) if isinstance(end, int) else f"{end:.7g}" for end in frame.ends)
    if view.x == "percent":
        return [f"shown: {low}% to {high}%"]
    return [f"shown: {AXES[view.x].unit} {low} to {high}"]


def _line(row: Series, part: Part, *, alone: bool, as_stairs: bool) -> Line:
    """The part of one curve in view.

    A branch is drawn from where it leaves another, unless it is ``alone``. A log stands at its own steps, but
    where planned curves are beside it, at the updates they count.
    """
    check_range(row)
    found, ran = row.facts, row.ran
    start = part.first if alone else max(part.first, row.start)
    points = _points(row, part, start, as_stairs=as_stairs)
    return Line(
        label=row.label,
        x=points.x,
        y=points.y,
        mean=found.mean,
        peak=(found.peak_at + part.shift, found.peak) if part.shows(found.peak_at) else None,
        last=(ran - 1 + part.shift, found.last) if part.shows(ran - 1) else None,
        phases=placed_spans(row, part, start),
        stop=found.stop if part.shows(ran) else None,
        family=row.family if row.group else "",
        points=row.logged is not None,
        over=bool(row.run and row.run.resumed_at),
        ruler=part.ruler,
        marked=tuple((step + part.shift, _value_at(row, step)) for step in part.marked),
        planned=_planned(row, part),
    )


def _planned(row: Series, part: Part) -> tuple[int, float] | None:
    """The step and the value at which it goes on past its planned end, where that is in view."""
    end = planned_end(row)
    return (end, _value_at(row, end)) if end and part.shows(end) else None


def _points(row: Series, part: Part, start: int, *, as_stairs: bool) -> Polyline:
    """What is drawn of one quantity."""
    if row.logged:
        points = _dots(row.logged, part)
    elif as_stairs:
        points = stairs(row.timeline, start, min(part.stop, row.ran))
    else:
        points = polyline(row.timeline, start, min(part.stop + 1, row.steps), COLUMNS)
    return Polyline(part.ruler.place(points.x + part.shift), points.y)


def _value_at(row: Series, step: int) -> float:
    """The value at a step that is to be marked.

    Raises:
        OutputError: a log has no row there.

    """
    value = value_at_tick(row.known, step)
    if row.logged and np.isnan(value):
        steps = row.logged.column.steps
        near = steps[np.argmin(np.abs(steps - step))]
        raise OutputError(f"{row.label} has no row of step {step}", hint=f"the nearest: give <mark={near}>")
    return value


def _dots(logged: Logged, part: Part) -> Polyline:
    """Its rows in view; of very many the lowest and highest of each column."""
    x, y = logged.within(part.first, part.stop)
    if x.size <= 2 * COLUMNS:
        return Polyline(x, y)
    column = np.floor((x - x[0]) / (x[-1] - x[0] + 1) * COLUMNS)
    order = np.lexsort((y, column))
    starts = np.flatnonzero(np.diff(column[order], prepend=-1.0))
    chosen = np.unique(order[np.concatenate([starts, np.append(starts[1:], x.size) - 1])])
    return Polyline(x[chosen], y[chosen])
