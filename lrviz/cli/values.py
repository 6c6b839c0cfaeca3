"""``lrviz values``: numbers."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from lrviz.cli.options import OF_RUN, WORDS, RunOptions, check_choice, one_of, takes
from lrviz.cli.steps import Steps, check_whole_list
from lrviz.errors import ScheduleError, SpecError
from lrviz.export import FORMATS, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lrviz.curves.series import Series
    from lrviz.notation.finding import Finding


@takes(OF_RUN, strict=True)
def values(
    run: RunOptions,
    specs: Annotated[
        list[str],
        typer.Argument(metavar="SPEC...", help=WORDS, show_default=False),
    ] = [],  # noqa: B006  (Typer's default; launch lines may be all there is)
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="STEPS", help="These steps: 0,100,50%,2ep.", show_default=False),
    ] = None,
    every: Annotated[
        str | None, typer.Option("--every", metavar="SPAN", help="Every so many steps.", show_default=False)
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", metavar="STEP", help="First step.", show_default=False)
    ] = None,
    stop: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="STEP", help="One past the last step; may lie after the end.", show_default=False
        ),
    ] = None,
    quantity: Annotated[str, typer.Option("--quantity", metavar="NAME", help="lr, momentum or more.")] = "lr",
    format: Annotated[
        str | None,
        one_of("--format", FORMATS, "csv when piped, a table on a terminal."),
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Bare numbers, one line for each step.")] = False,
) -> int:
    """Print the values at chosen steps, to the last digit.

    Examples:
      lrviz values cosine --warmup 100 --at 0,100,50%

      lrviz values cosine linear --steps 1000 --every 10 > lr.csv

      lrviz values wsd --steps 1e6 --from 90% --to 100% --format json
    """
    from lrviz.cli.notes import code_of, read_series, say
    from lrviz.findings.gather import of_curves, of_steps

    chosen_format = _format(format, plain=plain)
    check_whole_list(at, specs)
    chosen = read_series(specs, run, quantity)
    longest = max(chosen, key=lambda row: row.steps)
    steps = Steps.chosen(longest.plan, at, every, start, stop, few=chosen_format == "table")
    try:
        of_run = of_curves(chosen) if run.strict else []
        findings = list(dict.fromkeys([*of_steps(chosen, steps.last), *of_run]))
    except ScheduleError as error:
        if not at and error.step is not None and error.step > steps.first:
            error.template = f"--to {error.step} stays before it"
        raise
    say(findings, quiet=run.quiet)
    for text in FORMATS[chosen_format](_table(chosen, findings), steps.blocks()):
        sys.stdout.write(text)
    return code_of(chosen, findings, run)


def _format(format: str | None, *, plain: bool) -> str:
    """The format asked for; a table for people, CSV for a pipe."""
    if plain and format not in (None, "plain"):
        raise SpecError(f"--plain and --format {format} exclude each other", hint="leave one of them out")
    chosen = "plain" if plain else format or ("table" if sys.stdout.isatty() else "csv")
    check_choice("--format", chosen, FORMATS)
    return chosen


def _table(chosen: Sequence[Series], findings: Iterable[Finding]) -> Table:
    from lrviz.curves.labels import numbered
    from lrviz.curves.series import common_epoch, families
    from lrviz.findings.gather import of_runs

    return Table(
        tuple(numbered([row.label for row in chosen])),
        tuple(row.timeline for row in chosen),
        common_epoch(chosen),
        max(row.steps for row in chosen),
        (*of_runs(families(chosen)), *findings),
    )
