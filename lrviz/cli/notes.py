"""What is said on stderr of schedules and curves: every finding, printed here and nowhere else."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from lrviz.curves.findings import of_runs
from lrviz.curves.read import read_words, runs_of
from lrviz.curves.series import families, series_of
from lrviz.notation.text import few

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lrviz.cli.options import RunOptions
    from lrviz.curves.read import Wanted
    from lrviz.curves.series import Series
    from lrviz.notation.finding import Finding

MANY = 4
"""More labels than these are counted, not listed."""


def read_series(words: Sequence[str], run: RunOptions, quantity: str) -> list[Series]:
    """The curves of every word; what there is to say of their runs goes to stderr."""
    return series_wanted(read_words(words), run, quantity)


def series_wanted(wanted: Sequence[Wanted], run: RunOptions, quantity: str) -> list[Series]:
    """The curves of all that is wanted; what there is to say of their runs goes to stderr."""
    rows = list(series_of(runs_of(wanted, run.values, examples=True), quantity))
    say(of_runs(families(rows)), quiet=run.quiet)
    return rows


def say(findings: Iterable[Finding], *, quiet: bool) -> None:
    """Print each finding once, begun with all that it is true of; ``quiet`` leaves out the notes."""
    said: dict[Finding, list[str]] = {}
    for finding in findings:
        subject = f"{finding.place}: {finding.label}" if finding.place else finding.label
        said.setdefault(finding._replace(label="", place=None), []).append(subject)
    for finding in sorted(said, key=lambda finding: finding.level != "note"):
        if quiet and finding.level == "note":
            continue
        text = ": ".join(
            filter(None, (finding.level, few(dict.fromkeys(filter(None, said[finding])), MANY), finding.text))
        )
        hint = [f"hint: {finding.hint}"] if finding.hint else []
        print(text, *finding.details, *hint, sep="\n", file=sys.stderr)
