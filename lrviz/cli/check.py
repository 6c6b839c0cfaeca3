"""``lrviz check``: findings and expectations, with an exit code for CI."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lrviz.cli.options import OF_RUN, WORDS, RunOptions, check_choice, one_of, takes
from lrviz.errors import ANSWERED_NO, SpecError
from lrviz.export.check_formats import CHECK_FORMATS
from lrviz.notation.fact import known_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lrviz.notation.expectation import Expectation
    from lrviz.notation.finding import Finding


@takes(OF_RUN, strict=True)
def check(
    run: RunOptions,
    specs: Annotated[
        list[str],
        typer.Argument(metavar="SPEC...", help=WORDS, show_default=False),
    ] = [],  # noqa: B006  (Typer's default; launch lines may be all there is)
    expect: Annotated[
        list[str] | None,
        typer.Option(
            "--expect",
            metavar="TEXT",
            help=f'What shall hold, of all curves or "LABEL: …"; repeatable. Facts: {known_facts()}.',
            show_default=False,
        ),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option("--select", metavar="IDS", help="These findings alone: a,b.", show_default=False),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", metavar="IDS", help="Not these findings.", show_default=False),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(
            "--baseline",
            metavar="FILE",
            help="The curves shall be those kept in FILE, as values -o FILE.json writes it.",
            show_default=False,
        ),
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Write the curves of today into the --baseline.")
    ] = False,
    format: Annotated[
        str,
        one_of("--format", CHECK_FORMATS, "Lines, rows, a document, GitHub's annotations, or JUnit's XML."),
    ] = "text",
) -> int:
    """Say whether schedules are as they should be, by the exit code.

    What is expected is a fact compared by ==, !=, <, <=, >, >=, ~= or "between 1% and 10%"; or "peak at 100",
    "falls after warmup", "no jump > 10%", "never below 1e-7", "same as SPEC", "same as FILE.json".

    Examples:
      lrviz check run.toml --strict

      lrviz check cosine --steps 612 --warmup 19 --lr 2e-5 --expect "peak at 19" --expect "last <= 1e-9"

      lrviz check run.toml --expect "warmup between 0 and 10%" --format github
    """
    from lrviz.checks.against import outcomes_against
    from lrviz.checks.outcomes import outcomes_of
    from lrviz.checks.verdict import Report
    from lrviz.cli.notes import made_series, say
    from lrviz.cli.output import write_file
    from lrviz.curves.read import expectations_of, read_words
    from lrviz.export.baseline_text import baseline_text
    from lrviz.findings.gather import findings_of

    check_choice("--format", format, CHECK_FORMATS)
    if update and baseline is None:
        raise SpecError("--update has no baseline to write", hint="--update --baseline lr.json")
    asked = list(map(_expectation, expect or ()))
    wanted = read_words(specs)
    rows = made_series(wanted, run, "lr", examples=False)
    found = findings_of(rows)
    chosen, ignored = (re.findall(r"[^\s,]+", ",".join(ids or ())) for ids in (select, ignore))
    kept = [one for one in found if (one.id in chosen or not select) and one.id not in ignored]
    if update:
        write_file(Path(str(baseline)), baseline_text(rows, found).encode(), quiet=run.quiet)
    outcomes = outcomes_of([*expectations_of(wanted), *asked], rows)
    held = list(outcomes_against(baseline, rows)) if baseline is not None else []
    report = Report((*outcomes, *held), tuple(kept), run.strict)
    say(_unheard({"--select": chosen, "--ignore": ignored}, found), quiet=run.quiet)
    if format == "text":
        say(kept, quiet=run.quiet)
    print(*CHECK_FORMATS[format](report), sep="\n")
    if not all(one.verdict.holds for one in held):
        print("hint: --update keeps the curves of today", file=sys.stderr)
    return 0 if report.passes else ANSWERED_NO


def _expectation(text: str) -> Expectation:
    from lrviz.notation.expectation_parser import parse_expectation

    try:
        return parse_expectation(text)
    except SpecError as error:
        error.about("--expect")
        if "nothing is said" in error.message:
            error.template += "; quote it whole, or the shell takes < and > for itself"
        raise


def _unheard(options: Mapping[str, Iterable[str]], findings: Iterable[Finding]) -> Iterator[Finding]:
    """Ids that no finding is known by."""
    from lrviz.findings.noted import explained
    from lrviz.notation.finding import Finding
    from lrviz.notation.nearest import nearest

    known = {*(one.id for one in explained()), *(one.id for one in findings)}
    for option, ids in options.items():
        for unknown in (one for one in ids if one not in known):
            near = nearest(unknown, known)
            hint = f"did you mean {near}?" if near else "lrviz info --findings lists what may be found"
            yield Finding("unknown-id", "warning", f"{option} {unknown}: nothing is called so here", hint)
