"""From resolved specs to a picture: which curves it holds, what its title and subtitle say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lrviz.curves.footer import footer
from lrviz.curves.series import Series, common_epoch
from lrviz.curves.spans import spans_of
from lrviz.draw.scene import Line, Picture
from lrviz.engine.sampling import Polyline, polyline
from lrviz.errors import OutputError
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lrviz.curves.series import Logged
    from lrviz.engine.timeline import Timeline

COLUMNS = 1000
"""Pixel columns the exact extremes are computed for; a little less than a picture has."""
STAIRS = 50
"""Up to so many steps each value is drawn until the next: an LR holds to the end of its step."""
MANY = 4
"""More schedules than this are counted in the title, not named."""
MOST = 2000
"""Curves in one picture; each takes memory and time, and nobody reads so many."""
AXES = {"lr": "learning rate", "weight_decay": "weight decay"}


def picture_of(
    chosen: Sequence[Series], quantity: str, *, title: str | None = None, log: bool = False
) -> Picture:
    """Everything the drawing needs to know of these curves.

    Raises:
        OutputError: more curves than one picture can hold, or one beyond what an axis can show.

    """
    if len(chosen) > MOST:
        hint = "draw fewer at once; lrviz show lists any number of them"
        raise OutputError(f"{len(chosen)} curves in one picture, at most {MOST} are drawn", hint=hint)
    names = list(dict.fromkeys(row.title for row in chosen))
    planned = not all(row.logged for row in chosen)
    end = max(row.steps + _shift(row, planned=planned) for row in chosen)
    return Picture(
        lines=tuple(
            replace(_line(row, alone=len(names) == 1, planned=planned, stairs=end <= STAIRS), label=label)
            for row, label in zip(chosen, _labels(chosen, names, title), strict=True)
        ),
        title=title if title is not None else _names(names, len(chosen)),
        subtitle=_subtitle(chosen),
        steps=(0, end),
        steps_per_epoch=common_epoch(chosen),
        quantity=AXES.get(quantity, quantity),
        log=log,
        footer=footer(chosen),
    )


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


def _subtitle(chosen: Iterable[Series]) -> str:
    budgets = list(dict.fromkeys(row.budget for row in chosen))
    warmups = {row.run.warmup if row.run else None for row in chosen}
    parts = budgets if len(budgets) <= MANY else [f"{len(budgets)} runs of different length"]
    return " · ".join([*parts, *(f"warmup {one.text}" for one in warmups if one and len(warmups) == 1)])


LARGEST, SMALLEST = 1e300, 1e-300
"""Beyond these an axis has no ticks."""


def _line(row: Series, *, alone: bool, planned: bool, stairs: bool) -> Line:
    """One curve.

    A branch is drawn from where it leaves another, unless it is ``alone``. A log stands at its own steps, but
    where ``planned`` curves are beside it, at the updates they count.
    """
    found = row.facts
    far = max(abs(found.peak), abs(found.low))
    if far and not SMALLEST <= far <= LARGEST:
        value = lr_text(max(found.peak, found.low, key=abs))
        hint = "lrviz show and lrviz values tell its numbers"
        raise OutputError(f"{row.label} reaches {value}, which no axis can show", hint=hint)
    start = 0 if alone else row.start
    if row.logged:
        points = _dots(row.logged)
    elif stairs:
        points = _stairs(row.timeline, start, row.ran)
    else:
        points = polyline(row.timeline, start, row.steps, COLUMNS)
    shift = _shift(row, planned=planned)
    ran = row.ran
    return Line(
        label=row.label,
        x=points.x + shift,
        y=points.y,
        mean=found.mean,
        peak=(found.peak_at + shift, found.peak),
        last=(ran - 1 + shift, found.last),
        phases=spans_of(row, start),
        stop=found.stop,
        family=row.family if row.group else "",
        points=row.logged is not None,
        over=bool(row.run and row.run.resumed_at),
    )


def _shift(row: Series, *, planned: bool) -> int:
    """How much later than their own steps the rows of a log are drawn."""
    return row.logged.column.offset if row.logged and planned else 0


def _stairs(timeline: Timeline, start: int, stop: int) -> Polyline:
    """Each value from its step to the next."""
    steps = np.arange(start, stop, dtype=float)
    return Polyline(np.column_stack([steps, steps + 1]).ravel(), timeline(steps).repeat(2))


def _dots(logged: Logged) -> Polyline:
    """Its rows; of very many the lowest and highest of each column."""
    x, y = logged.column.x, logged.column.values
    if x.size <= 2 * COLUMNS:
        return Polyline(x, y)
    column = np.floor((x - x[0]) / (x[-1] - x[0] + 1) * COLUMNS)
    order = np.lexsort((y, column))
    starts = np.flatnonzero(np.diff(column[order], prepend=-1.0))
    chosen = np.unique(order[np.concatenate([starts, np.append(starts[1:], x.size) - 1])])
    return Polyline(x[chosen], y[chosen])
