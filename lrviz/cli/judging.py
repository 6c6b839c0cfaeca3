"""What ``check`` and ``report`` share: what may be expected of curves, and what came of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from lrviz.errors import OutputError, SpecError
from lrviz.notation.fact import known_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lrviz.checks.verdict import Report
    from lrviz.cli.run_options import RunOptions
    from lrviz.curves.series import Series
    from lrviz.curves.wanted import Wanted
    from lrviz.notation.expectation import Expectation
    from lrviz.notation.finding import Finding

Expect = Annotated[
    list[str] | None,
    typer.Option(
        "--expect",
        metavar="TEXT",
        help=f'What shall hold, of all curves or "LABEL: …"; repeatable. Facts: {known_facts()}.',
        show_default=False,
    ),
]
Select = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="IDS", help="These findings alone: a,b.", show_default=False),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="IDS", help="Not these findings.", show_default=False),
]
Baseline = Annotated[
    str | None,
    typer.Option(
        "--baseline",
        metavar="FILE",
        help="The curves shall be those kept in FILE, as values -o FILE.json writes it.",
        show_default=False,
    ),
]
Explain = Annotated[
    list[str] | None,
    typer.Option(
        "--explain",
        metavar="IDS",
        help="Say what these findings mean, and check nothing.",
        show_default=False,
    ),
]


class Asked(NamedTuple):
    """What the options ask for."""

    expected: Sequence[Expectation]
    select: Sequence[str]
    ignore: Sequence[str]
    baseline: str | None = None

    @classmethod
    def of(
        cls,
        expect: Iterable[str] | None,
        select: Iterable[str] | None,
        ignore: Iterable[str] | None,
        baseline: str | None,
    ) -> Asked:
        """Read them, before any schedule is.

        Raises:
            SpecError: an expectation that cannot be read.

        """
        return cls(list(map(_expectation, expect or ())), _ids(select), _ids(ignore), baseline)

    def counts(self, finding: Finding) -> bool:
        """Whether a finding is among those asked for."""
        return (finding.id in self.select or not self.select) and finding.id not in self.ignore


def explain_findings(said: Iterable[str], words: Sequence[str], format: str) -> None:
    """Print the pages of these findings, as ``info --findings`` does.

    Raises:
        SpecError: there is none called so, or a schedule stands beside them.

    """
    from lrviz.cli.options import check_choice
    from lrviz.cli.rule_pages import print_rules
    from lrviz.export.grid import FORMATS
    from lrviz.notation.shell import shell_line

    ids = _ids(said)
    if words:
        hint = shell_line("lrviz", "check", "--explain", ",".join(ids))
        raise SpecError("--explain checks nothing, and a schedule is named", hint=hint)
    check_choice("--format", format, FORMATS)
    print_rules(ids, format)


def report_of(wanted: Sequence[Wanted], rows: Sequence[Series], asked: Asked, run: RunOptions) -> Report:
    """What came of everything that is expected of curves, and the findings that count.

    Raises:
        LrvizError: what is expected cannot be told.

    """
    from lrviz.checks.against import outcomes_against
    from lrviz.checks.outcomes import outcomes_of
    from lrviz.checks.verdict import Report
    from lrviz.curves.read import expectations_of
    from lrviz.findings.gather import findings_of

    expected, found = [*expectations_of(wanted), *asked.expected], findings_of(rows)
    _check_ids({"--select": asked.select, "--ignore": asked.ignore}, found, rows, quiet=run.quiet)
    kept = [one for one in found if asked.counts(one)]
    held = outcomes_against(asked.baseline, rows) if asked.baseline is not None else ()
    return Report((*outcomes_of(expected, rows), *held), tuple(kept), run.strict)


def print_report(report: Report, format: str, *, quiet: bool) -> None:
    """Print what came of it; ``quiet`` leaves of the lines for people what fails."""
    from lrviz.export.check_formats import CHECK_FORMATS
    from lrviz.export.check_lines import failures

    lines = failures(report) if quiet and format == "text" else CHECK_FORMATS[format](report)
    for line in lines:
        print(line)


def check_baseline_target(baseline: str | None, words: Sequence[str]) -> None:
    """Refuse to update what is no baseline: nothing else is written over.

    Raises:
        LrvizError: none is named, it is read as a schedule, or it is another file than one of values in JSON.

    """
    if baseline is None:
        raise SpecError("--update has no baseline to write", hint="--update --baseline lr.json")
    from lrviz.checks.against import check_baseline, read_baseline
    from lrviz.cli.output import refuse_input
    from lrviz.inputs.revision import Revision
    from lrviz.inputs.words import TABLE, is_at_revision
    from lrviz.notation.shell import shell_word

    if is_at_revision(baseline):
        now = shell_word(str(Revision.of(baseline).path))
        raise OutputError(f"{baseline!r}: a revision stays as it is", hint=f"--update --baseline {now}")
    check_baseline(baseline)
    path = Path(baseline)
    refuse_input(path, words)
    if path.suffix.lower() == TABLE:
        raise OutputError(f"{baseline!r}: a baseline is JSON", hint="--update --baseline lr.json")
    if path.exists():
        read_baseline(baseline)


def _ids(said: Iterable[str] | None) -> list[str]:
    return re.findall(r"[^\s,]+", ",".join(said or ()))


def _expectation(text: str) -> Expectation:
    from lrviz.notation.expectation_parser import parse_expectation

    try:
        return parse_expectation(text)
    except SpecError as error:
        error.about("--expect")
        if "nothing is said" in error.message:
            error.template += "; quote it whole, or the shell takes < and > for itself"
        raise


def _check_ids(
    options: Mapping[str, Sequence[str]], found: Iterable[Finding], rows: Iterable[Series], *, quiet: bool
) -> None:
    """Refuse ids that no finding is known by; a trainer's file may have others, and is only warned of them.

    Raises:
        SpecError: there is none called so.

    """
    from lrviz.cli.notes import say
    from lrviz.findings.noted import explained
    from lrviz.notation.finding import Finding

    known = {*(one.id for one in explained()), *(one.id for one in found)}
    foreign = any(row.run and row.run.reading for row in rows)
    for option, ids in options.items():
        unknown = [one for one in ids if one not in known]
        text, hint = f"{option} {','.join(unknown)}: no finding is called so", _ids_meant(unknown, known)
        if unknown and not foreign:
            raise SpecError(text, hint=hint)
        say([Finding("unknown-id", "warning", text, hint)] if unknown else (), quiet=quiet)


def _ids_meant(unknown: Iterable[str], known: Iterable[str]) -> str:
    from lrviz.notation.nearest import alike

    near = [one for word in unknown for one in alike(word, known, most=2, cutoff=0.6)]
    return f"did you mean {' or '.join(near)}?" if near else "lrviz info --findings lists their ids"
