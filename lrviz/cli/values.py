"""``lrviz values``: numbers."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lrviz.cli.curve_options import Get, Quantity, one_quantity, quantities_of
from lrviz.cli.options import OF_RUN, Specs, check_choice, one_of, takes
from lrviz.cli.run_options import RunOptions
from lrviz.cli.steps import Steps, check_whole_list
from lrviz.cli.targets import STDOUT
from lrviz.errors import OutputError, ScheduleError, SpecError
from lrviz.export.rows import Table
from lrviz.export.value_formats import VALUE_FORMATS as FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lrviz.curves.series import Series
    from lrviz.notation.fact import Fact
    from lrviz.notation.finding import Finding


@takes(OF_RUN, strict=True, resumes=True)
def values(
    run: RunOptions,
    specs: Specs = [],
    at: Annotated[
        str | None,
        typer.Option(
            "--at",
            metavar="STEPS",
            help="These steps: 0,100,50%,2ep; first, warmup, peak, low, last; -1 is the last.",
            show_default=False,
        ),
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
    below: Annotated[
        str | None,
        typer.Option(
            "--below",
            metavar="LR",
            help="Print the first step, from the peak on, with less: 1e-5, or 10% of the peak.",
            show_default=False,
        ),
    ] = None,
    get: Get = None,
    quantity: Quantity = None,
    format: Annotated[
        str | None,
        one_of("--format", FORMATS, "csv when piped, text, a table, on a terminal."),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to, .csv or .json; without steps chosen, JSON has a few exact ones: a baseline.",
            show_default=False,
        ),
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Bare numbers, one line for each step.")] = False,
) -> int:
    """Print the values at chosen steps, to the last digit.

    Examples:
      lrviz values cosine --warmup 100 --at 0,100,50%

      lrviz values cosine linear --steps 1000 --every 10 > lr.csv

      lrviz values wsd --steps 1e6 --from 90% --to 100% --format json

      lrviz values cosine --warmup 100 --at peak,last --plain

      lrviz values cosine --steps 1000 --lr 1e-3 --below 1e-5
    """
    from lrviz.cli.asked_series import code_of, series_of_quantities
    from lrviz.cli.grids import print_fact
    from lrviz.cli.notes import say
    from lrviz.curves.read import read_words
    from lrviz.findings.gather import of_curves, of_steps

    steps_said = {"--at": at, "--every": every, "--from": start, "--to": stop}
    others = {**steps_said, "--format": format, "--output": output, "--plain": plain}
    fact = _fact(get, below, others)
    file = None if output in (None, *STDOUT) else Path(str(output))
    chosen_format = _format_of(file) if file and not (format or plain) else _format(format, plain=plain)
    check_whole_list(at, specs)
    if file and chosen_format == "json" and fact is None and not any(steps_said.values()):
        return _keep(specs, run, one_quantity(quantity, "a baseline"), file)
    chosen = series_of_quantities(read_words(specs), run, quantities_of(quantity))
    if fact is not None:
        return print_fact(chosen, fact)
    steps = Steps.chosen(chosen, at, every, start, stop, few=chosen_format == "text")
    with _stopping_before(steps, named=at is not None):
        of_run = of_curves(chosen) if run.strict else []
        findings = list(dict.fromkeys([*steps.findings, *of_steps(chosen, steps.last), *of_run]))
    say(findings, quiet=run.quiet)
    texts = FORMATS[chosen_format](_table(chosen, findings), steps.blocks())
    _write(texts, file, quiet=run.quiet)
    return code_of(chosen, findings, run)


@contextmanager
def _stopping_before(steps: Steps, *, named: bool) -> Iterator[None]:
    """Say in a refusal of a step how to stop before it, unless each step is ``named``."""
    try:
        yield
    except ScheduleError as error:
        if not named and error.step is not None and error.step > steps.first:
            error.template = f"--to {error.step} stays before it"
        raise


def _fact(get: str | None, below: str | None, others: Mapping[str, object]) -> Fact | None:
    """The fact that ``--get`` or ``--below`` asks for."""
    from lrviz.cli.grids import option_read, refuse_beside
    from lrviz.notation.fact import Fact
    from lrviz.notation.fact_parser import parse_fact, parse_rate

    if get is not None:
        refuse_beside("--get", {"--below": below, **others})
        return option_read("--get", parse_fact, get)
    if below is None:
        return None
    refuse_beside("--below", others)
    return Fact("below", option_read("--below", parse_rate, below))


def _keep(specs: Sequence[str], run: RunOptions, quantity: str, file: Path) -> int:
    """Write a baseline, which takes nothing from the worked example."""
    from lrviz.cli.asked_series import code_of, read_series
    from lrviz.cli.notes import say
    from lrviz.cli.output import write_file
    from lrviz.export.baseline_text import baseline_text
    from lrviz.findings.gather import of_curves

    chosen = read_series(specs, run, quantity, examples=False)
    findings = of_curves(chosen)
    say(findings, quiet=run.quiet)
    write_file(file, baseline_text(chosen, findings).encode(), quiet=run.quiet)
    return code_of(chosen, findings, run)


def _write(texts: Iterable[str], file: Path | None, *, quiet: bool) -> None:
    """To stdout as they come, or into a file that is written whole."""
    if file is not None:
        from lrviz.cli.output import write_file

        return write_file(file, "".join(texts).encode(), quiet=quiet)
    for text in texts:
        sys.stdout.write(text)
    return None


def _format_of(path: Path) -> str:
    """What a file's name ends in, which can be written."""
    from lrviz.export.writing import check_target

    suffix = path.suffix[1:].lower()
    if suffix not in FORMATS:
        hint = "name it lr.csv or lr.json, or say --format csv"
        raise OutputError(f"{str(path)!r}: no format {suffix!r}", hint=hint)
    check_target(path)
    return suffix


def _format(format: str | None, *, plain: bool) -> str:
    """The format asked for; a table for people, CSV for a pipe."""
    if plain and format not in (None, "plain"):
        raise SpecError(f"--plain and --format {format} exclude each other", hint="leave one of them out")
    chosen = "plain" if plain else format or ("text" if sys.stdout.isatty() else "csv")
    check_choice("--format", chosen, FORMATS)
    return chosen


def _table(chosen: Sequence[Series], findings: Iterable[Finding]) -> Table:
    from lrviz.cli.output import Terminal
    from lrviz.curves.labels import column_names
    from lrviz.curves.series import common_epoch
    from lrviz.findings.gather import of_inputs

    terminal = Terminal.of_stdout()
    return Table(
        tuple(column_names([row.label for row in chosen])),
        tuple(row.known for row in chosen),
        common_epoch(chosen),
        max(row.steps for row in chosen),
        (*of_inputs(chosen), *findings),
        terminal.limit,
    )
