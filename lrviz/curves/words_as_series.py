"""Every word as its curves, in the order of the words: schedules in their runs, and logs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lrviz.curves.runs import runs_by_word
from lrviz.curves.series import numbered_series, series_of
from lrviz.curves.wanted import is_kept, is_log
from lrviz.notation.numbers import is_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lrviz.curves.runs import Flags
    from lrviz.curves.series import Series
    from lrviz.curves.wanted import Wanted
    from lrviz.notation.finding import Finding


def series_of_words(wanted: Sequence[Wanted], laid: Flags, quantity: str, *, examples: bool) -> list[Series]:
    """One series for each run and param group, and for each column of a log.

    Raises:
        LrvizError: a schedule is refused, or a log cannot be placed.

    """
    if any(map(is_kept, wanted)):
        from lrviz.curves.logged import log_of_values

        wanted = [log_of_values(item) if is_kept(item) else item for item in wanted]
    logs = [item for item in wanted if is_log(item)]
    runs = runs_by_word(wanted, laid, examples=examples)
    rows = series_of([run for one in runs for run in one], quantity)
    if not logs:
        return rows
    length = epoch_of(laid.values.get("steps_per_epoch"), rows)
    return _in_order(wanted, [[id(run) for run in one] for one in runs], rows, length, quantity)


def epoch_of(said: Any, rows: Iterable[Series]) -> float | None:
    """The length of an epoch that an option says, or a run beside the log has."""
    if is_number(said):
        return float(said)
    return next((row.plan.steps_per_epoch for row in rows if row.plan.steps_per_epoch), None)


def noted(rows: Iterable[Series], finding: Finding) -> list[Series]:
    """The curves, each run of which has one finding more."""
    rows = list(rows)
    runs = {id(row.run): row.run for row in rows if row.run}
    changed = {key: replace(run, findings=(*run.findings, finding)) for key, run in runs.items()}
    return [replace(row, run=changed.get(id(row.run))) for row in rows]


def _in_order(
    wanted: Sequence[Wanted],
    own: Sequence[Sequence[int]],
    rows: Iterable[Series],
    length: float | None,
    quantity: str,
) -> list[Series]:
    from lrviz.curves.logged import series_of_log

    by_run = defaultdict[int, list["Series"]](list)
    for row in rows:
        by_run[id(row.run)].append(row)
    found: list[Series] = []
    for item, runs in zip(wanted, own, strict=True):
        if is_log(item):
            found += series_of_log(item, length, quantity)
        found += [row for run in runs for row in by_run[run]]
    return numbered_series(found)
