"""Everything that is worth saying of the curves of one output, by every rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lrviz.curves.series import families, series_of
from lrviz.engine.sampling import LOOKED_AT, first_not_finite, seen_until
from lrviz.errors import WORDS, ScheduleError
from lrviz.findings.look import Look
from lrviz.findings.rule import rules
from lrviz.findings.rules.unusable import no_number
from lrviz.notation.finding import Finding
from lrviz.resolve.defaults import findings_of as of_assumptions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lrviz.curves.series import Series
    from lrviz.findings.rule import Rule, Scope
    from lrviz.resolve.resolved import Resolved


def findings_of(rows: Sequence[Series]) -> list[Finding]:
    """Everything that is worth saying of the curves of one output."""
    return [*of_inputs(rows), *of_curves(rows)]


def of_inputs(rows: Sequence[Series]) -> list[Finding]:
    """What is known of each run or log before a value is looked at."""
    logs = {row.family: row.logged for row in rows if row.logged}
    said = [finding._replace(label=label) for label, log in logs.items() for finding in log.findings]
    return [*of_runs(families(rows)), *said]


def of_runs(runs: Iterable[tuple[str, Resolved]]) -> list[Finding]:
    """What is known of each run, with its label, before a value is computed."""
    return [
        finding._replace(label=label, place=finding.place or run.place)
        for label, run in runs
        for finding in (*of_assumptions(run.origins), *_of_run(run))
    ]


def of_curves(rows: Sequence[Series]) -> list[Finding]:
    """What the values of the curves show."""
    looks = [Look(row) for row in rows if not row.logged]  # what happened is no plan to be warned of
    said = {id(run): {finding.id for finding in _of_run(run)} for _, run in families(rows)}
    with np.errstate(all="ignore"):  # values may be no numbers, which is a finding of its own
        found = [
            _of_row(look.row, finding)
            for look in looks
            for finding in _of_curve(look, said.get(id(look.row.run), set()))
        ]
        together = [(rule, said) for rule in _rules("output") for said in rule.looks(looks)]
    return found + [_of_row(row, rule.finding(said)) for rule, (row, said) in together]


def of_ends(runs: Sequence[Resolved]) -> list[Finding]:
    """Which of the runs the framework is known to stop before their end: no value is computed for that."""
    rows = series_of([run for run in runs if "lr" in run.schedule.quantities], "lr")
    rows = [row for row in rows if row.timeline.end < row.steps]
    return [finding for finding in of_curves(rows) if finding.id == "stops"]


def of_steps(rows: Iterable[Series], last: int) -> list[Finding]:
    """What is worth saying of the values up to step ``last``, which may lie after the end.

    Raises:
        ScheduleError: the framework stops before.

    """
    return [_of_row(row, finding) for row in rows for finding in _up_to(row, last)]


def _rules(scope: Scope) -> list[Rule]:
    return [rule for rule in rules() if rule.scope == scope]


def _of_run(run: Resolved) -> list[Finding]:
    """What was noted when it was made definite, and what the rules see."""
    found = (rule.finding(said) for rule in _rules("run") for said in rule.looks(run))
    elsewhere = {key for key, one in run.origins.items() if one.origin.source != "spec"}
    return [*run.findings, *(one.write_hint(WORDS, but=elsewhere) for one in found)]


def _of_curve(look: Look, of_run: set[str]) -> list[Finding]:
    """What the rules see in a curve; what another finding, or one ``of_run``, says better is left out."""
    is_lr = look.row.quantity == "lr"
    found = [
        (rule, rule.finding(said))
        for rule in _rules("curve")
        if is_lr or rule.any_quantity
        for said in rule.looks(look)
    ]
    ids = of_run.union(finding.id for _, finding in found)
    return [finding for rule, finding in found if ids.isdisjoint(rule.unless)]


def _of_row(row: Series, finding: Finding) -> Finding:
    return finding._replace(label=row.label, place=row.run.place if row.run else None)


def _up_to(row: Series, last: int) -> Iterator[Finding]:
    seen, ran, stop = seen_until(row.timeline, 0, last + 1, LOOKED_AT)
    if stop is not None:
        hint = f"the steps before {ran} have values"
        raise ScheduleError(f"{row.label} stops at step {ran}: {stop[1]}", hint=hint, step=ran)
    if last >= row.steps:
        yield Finding("after-the-end", "note", f"steps from {row.steps} on lie after the end of the run")
    step = first_not_finite(row.timeline, seen, 0, last + 1)
    yield from () if step is None else [no_number(row, step)]
