"""``lrviz check``: findings and expectations, with an exit code for CI."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lrviz.cli.judging import Asked, Baseline, Expect, Explain, Ignore, Select, explain_findings
from lrviz.cli.options import OF_RUN, Specs, check_choice, one_of, takes
from lrviz.cli.run_options import RunOptions
from lrviz.errors import ANSWERED_NO
from lrviz.export.check_formats import CHECK_FORMATS, WITH_FINDINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.checks.verdict import Report
    from lrviz.curves.series import Series


@takes(OF_RUN, strict=True, alone="explain", resumes=True)
def check(
    run: RunOptions,
    specs: Specs = [],
    expect: Expect = None,
    select: Select = None,
    ignore: Ignore = None,
    baseline: Baseline = None,
    update: Annotated[
        bool, typer.Option("--update", help="Write the curves of today into the --baseline.")
    ] = False,
    explain: Explain = None,
    format: Annotated[
        str,
        one_of("--format", CHECK_FORMATS, "Lines, rows, a document, GitHub's annotations, or JUnit's XML."),
    ] = "text",
) -> int:
    """Say whether schedules are as they should be, by the exit code.

    What is expected is a fact compared by ==, !=, <, <=, >, >=, ~= or "between 1% and 10%"; or "peak at 100",
    "falls after warmup", "no jump > 10%", "never below 1e-7", "same as SPEC", "same as FILE".

    Examples:
      lrviz check cosine --steps 612 --warmup 19 --lr 2e-5 --expect "peak at 19" --expect "last <= 1e-9"

      lrviz check run.toml --strict

      lrviz check run.toml --expect "warmup between 0 and 10%" --format github

      lrviz check --explain flat-line
    """
    if explain is not None:
        explain_findings(explain, specs, format)
        return 0
    from lrviz.checks.against import asked_of
    from lrviz.cli.asked_series import made_series
    from lrviz.cli.judging import check_baseline_target, print_report, report_of
    from lrviz.cli.notes import say
    from lrviz.curves.read import read_words
    from lrviz.inputs.words import is_at_revision

    check_choice("--format", format, CHECK_FORMATS)
    if update:
        check_baseline_target(baseline, specs)
    asked = Asked.of(expect, select, ignore, None if update else baseline)
    wanted = read_words(specs)
    rows = made_series(wanted, run, "lr", examples=False)
    report = report_of(wanted, rows, asked, run)
    if update:
        _update(Path(str(baseline)), rows, report, quiet=run.quiet)
    if format not in WITH_FINDINGS:
        say(report.findings, quiet=run.quiet)
    print_report(report, format, quiet=run.quiet)
    if asked.baseline and not is_at_revision(asked.baseline) and report.differs(asked_of(asked.baseline)):
        print("hint: --update keeps the curves of today", file=sys.stderr)
    return 0 if report.passes else ANSWERED_NO


def _update(file: Path, rows: Sequence[Series], report: Report, *, quiet: bool) -> None:
    """Write the curves of today over the baseline, which may have been read too."""
    from lrviz.cli.output import write_file
    from lrviz.export.baseline_text import baseline_text
    from lrviz.inputs.files import remembered

    with remembered():
        write_file(file, baseline_text(rows, report.findings).encode(), quiet=quiet)
