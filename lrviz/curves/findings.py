"""What is worth saying of the curves of one output: of each run, and of each curve it became."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lrviz.catalogue.names import find
from lrviz.curves.series import families
from lrviz.draw.table import plain_table
from lrviz.engine.sampling import LOOKED_AT, first_not_finite, seen_until
from lrviz.engine.walk import MOST_WALKED, WALKED_IN_A_SECOND
from lrviz.errors import ScheduleError
from lrviz.notation.finding import Finding, Level
from lrviz.notation.numbers import counted, lr_text
from lrviz.resolve.defaults import findings_of as of_assumptions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lrviz.curves.series import Series
    from lrviz.draw.table import Align
    from lrviz.resolve.resolved import Resolved

LONG_WALK = 20_000_000
"""Steps above which a walk is announced."""


def findings_of(rows: Sequence[Series]) -> list[Finding]:
    """Everything that is worth saying of the curves of one output."""
    return [*of_runs(families(rows)), *of_curves(rows)]


def of_runs(runs: Iterable[tuple[str, Resolved]]) -> list[Finding]:
    """What is known of each run, with its label, before a value is computed."""
    return [
        finding._replace(label=label, place=finding.place or run.place)
        for label, run in runs
        for finding in (*of_assumptions(run.origins), *run.findings, *_of_groups(run), *_of_walk(run))
    ]


def of_curves(rows: Iterable[Series]) -> list[Finding]:
    """What the values of each curve show."""
    return [_of_row(row, finding) for row in rows for finding in _of_values(row)]


def of_steps(rows: Iterable[Series], last: int) -> list[Finding]:
    """What is worth saying of the values up to step ``last``, which may lie after the end.

    Raises:
        ScheduleError: the framework stops before.

    """
    return [_of_row(row, finding) for row in rows for finding in _up_to(row, last)]


def _of_row(row: Series, finding: Finding) -> Finding:
    return finding._replace(label=row.label, place=row.run.place if row.run else None)


def _of_groups(run: Resolved) -> Iterator[Finding]:
    """The LR of every named group, and what else it says."""
    if not run.groups:
        return
    keys = dict.fromkeys(key for group in run.groups for key in group.beside_lr)
    cells = [
        (f"  {group.label}", *(group.beside_lr.get(key, "") for key in keys), lr_text(lr))
        for group, lr in zip(run.groups, run.lrs, strict=True)
    ]
    right: list[Align] = ["right"] * (len(keys) + 1)
    lines = plain_table(("  group", *keys, "lr"), cells, ["left", *right], width=None)
    yield Finding("param-groups", "note", f"{len(run.groups)} param groups", details=tuple(lines))


def _of_walk(run: Resolved) -> Iterator[Finding]:
    """A schedule that must be walked step by step takes its time, and says so before."""
    steps = run.ticks or run.plan.total_steps
    if LONG_WALK < steps <= MOST_WALKED and any(lines["lr"].walks for lines in run.schedule.groups):
        unit = "tick" if run.ticks else "step"
        seconds = steps / WALKED_IN_A_SECOND
        text = f"each value needs the one before: {counted(steps, unit)} take about {seconds:.0f} s"
        yield Finding("long-walk", "warning", text)


def _of_values(row: Series) -> Iterator[Finding]:
    """Where the framework stops, where a value is no number or no better than a sample, and a flat line."""
    found = row.facts
    if _is_flat(row):
        level: Level = "note" if found.peak else "warning"  # at 0 nothing is learned
        yield Finding("flat-line", level, f"a flat line at {lr_text(found.peak)}")
    if found.stop:
        yield Finding("stops", "warning", f"stops at step {found.stop[0]}: {found.stop[1]}")
    if row.timeline.end == row.steps and _is_stepped(row):
        text = f"the last scheduler.step(), after update {row.steps - 1}, raises: {row.timeline.why}"
        yield Finding("last-step-raises", "warning", text)
    yield from _not_finite(row, found.not_finite)
    if found.sampled:
        text = f"{found.sampled} of {LOOKED_AT} columns are sampled, not exact"
        yield Finding("sampled", "warning", text)


def _is_flat(row: Series) -> bool:
    """Whether a schedule moves nothing in its run, without being one that never does."""
    meant = all(phase.kind == "constant" for phase in row.timeline.phases)
    found = row.facts
    moves = found.peak != found.low or found.stop or found.not_finite is not None
    return row.steps > 1 and not moves and not meant


def _is_stepped(row: Series) -> bool:
    """Whether a loop steps a scheduler that raises where its curve ends: after every update, the last too."""
    optimizer = row.run is not None and find(row.run.spec.name).framework.optimizer
    return optimizer and not row.timeline.gives_out


def _up_to(row: Series, last: int) -> Iterator[Finding]:
    seen, ran, stop = seen_until(row.timeline, 0, last + 1, LOOKED_AT)
    if stop is not None:
        hint = f"the steps before {ran} have values"
        raise ScheduleError(f"{row.label} stops at step {ran}: {stop[1]}", hint=hint, step=ran)
    if last >= row.steps:
        yield Finding("after-the-end", "note", f"steps from {row.steps} on lie after the end of the run")
    yield from _not_finite(row, first_not_finite(row.timeline, seen, 0, last + 1))


def _not_finite(row: Series, step: int | None) -> Iterator[Finding]:
    if step is not None:
        value = lr_text(float(row.timeline(np.array([float(step)]))[0]))
        yield Finding("not-finite", "warning", f"{value} at step {step}, which no training can use")
