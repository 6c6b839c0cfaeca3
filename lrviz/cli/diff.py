"""``lrviz diff``: which steps of two schedules differ, by how much and why, answered by the exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lrviz.cli.curve_options import Quantity, one_quantity
from lrviz.cli.options import OF_RUN, check_choice, one_of, takes
from lrviz.cli.run_options import RunOptions
from lrviz.cli.usage import UsageError
from lrviz.compare import ALIGNS
from lrviz.errors import ANSWERED_NO
from lrviz.export.diff_formats import DIFF_FORMATS
from lrviz.notation.shell import shell_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lrviz.compare.difference import Measure
    from lrviz.compare.pairs import Differences
    from lrviz.compare.sides import Side
    from lrviz.notation.finding import Finding

SIDES = (
    "A schedule, NAME:key=value,…; a config, or FILE:LABEL, one of its curves; a trainer's own file or "
    "script; the log of a run; FILE.csv or FILE.json of lrviz values; git:REV:PATH, a file as it was; "
    "- is stdin."
)
COLORS = ("auto", "always", "never")
TINTS = {"---": "red", "+++": "green"}


@takes(OF_RUN, resumes=True)
def diff(
    run: RunOptions,
    specs: Annotated[
        list[str],
        typer.Argument(metavar="SPEC SPEC", help=SIDES, show_default=False),
    ] = [],
    rtol: Annotated[
        str,
        typer.Option("--rtol", metavar="SHARE", help="Equal are values within this share of the peak"),
    ] = "1e-12",
    atol: Annotated[str, typer.Option("--atol", metavar="LR", help="and this LR.")] = "0",
    align: Annotated[
        str, one_of("--align", ALIGNS, "Compare at the same step, epoch, or share of both runs.")
    ] = "steps",
    quantity: Quantity = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Draw both, and the difference below: a PNG, SVG or PDF; DIR/ has one for each pair.",
            show_default=False,
        ),
    ] = None,
    format: Annotated[str, one_of("--format", DIFF_FORMATS, "Lines, rows, or a document.")] = "text",
    color: Annotated[str, one_of("--color", COLORS, "Colours: auto is on a terminal.")] = "auto",
) -> int:
    """Say which steps of two schedules differ, by how much, and why; nothing where they are equal.

    A cause is only said where it explains every step. -q says nothing at all: the exit code is 0 where they
    are equal, 1 where they differ, 2 where that cannot be told.

    A log may stand beside the plan of its run: what its digits leave open is equal, the offset of its writer
    is found, and what went otherwise is named, as a scheduler that is stepped once per process.

    Examples:
      lrviz diff cosine:warmup=100 cosine:warmup=500 --steps 10k --lr 3e-4

      lrviz diff git:HEAD:run.toml run.toml

      lrviz diff run.toml linear:warmup=1 --format json

      lrviz values run.toml > lr.csv && lrviz diff lr.csv run.toml

      lrviz diff cosine:warmup=0,steps=1000 cosine:warmup=0,steps=4000 --lr 1 --align percent

      lrviz diff cosine:warmup=100,lr=3e-4 trainer_state.json

      lrviz diff cosine:warmup=5,lr=1e-3,steps=40 trainer_state.json --resume-at 20 --resume steps=80
    """
    from lrviz.cli.asked_series import idle_options
    from lrviz.cli.diff_pictures import draw_pairs, place_of
    from lrviz.cli.notes import say
    from lrviz.cli.own_options import number_of
    from lrviz.compare.difference import Measure
    from lrviz.compare.log.other_schedules import other_schedules

    for name, value, choices in (("--align", align, ALIGNS), ("--color", color, COLORS)):
        check_choice(name, value, choices)
    check_choice("--format", format, DIFF_FORMATS)
    shown = one_quantity(quantity, "a difference")
    measure = Measure(number_of("rtol", rtol), number_of("atol", atol), align)
    _check_sides(specs, run)
    with place_of(output):
        (one, other), found = _compared(specs, run, shown, measure)
        idle = idle_options([*one.wanted, *other.wanted], run)
        others = other_schedules(found, (one, other))
        findings = [*_findings((one, other)), *idle, *found.findings, *others]
        if format != "github":
            say(findings, quiet=run.quiet)
        if not run.quiet:
            _print(found, findings, format, color)
        if output is not None:
            draw_pairs(found, output, shown, quiet=run.quiet)
    return 0 if found.equal else ANSWERED_NO


def _check_sides(specs: Sequence[str], run: RunOptions) -> None:
    """Refuse another number of sides; an old and a new run may be one of them."""
    if len(specs) != len(TINTS) and (run.resume is None or len(specs) != len(TINTS) + 1):
        raise UsageError(f"two sides are compared, not {len(specs)}", hint=_two_sides(specs, run))


def _compared(
    words: Sequence[str], run: RunOptions, quantity: str, measure: Measure
) -> tuple[Sequence[Side], Differences]:
    """The two sides, the first of them resumed where that is asked for, held against each other."""
    from lrviz.compare.lengths import compare_words
    from lrviz.compare.resumed_sides import compare_resumed

    if run.resume is not None:
        return compare_resumed(words, run.flags, run.resume, quantity, measure)
    return compare_words(words, run.flags, quantity, measure)


def _findings(sides: Iterable[Side]) -> Iterator[Finding]:
    """What there is to say of the runs of both sides."""
    from lrviz.findings.gather import of_inputs

    for side in sides:
        yield from (finding for finding in of_inputs(side.rows) if finding.id != "log-read")


def _print(found: Differences, findings: Iterable[Finding], format: str, color: str) -> None:
    from lrviz.cli.output import Terminal

    terminal = Terminal.of_stdout()
    if color != "auto":
        terminal = terminal._replace(rich=color == "always")
    for line in DIFF_FORMATS[format](found, findings):
        if format != "text":
            print(line)
            continue
        tint = TINTS.get(line[:3])
        for part in terminal.lines(line):
            print(terminal.tinted(part, tint) if tint else part)


def _two_sides(words: Sequence[str], run: RunOptions) -> str:
    """How to name two: the file beside what it was; what shows one alone, or any number."""
    from lrviz.inputs.revision import is_committed

    if len(words) > len(TINTS):
        return f"{shell_line('lrviz', 'compare', *words, *run.words())} has them beside the first"
    if is_committed(words[0]):
        return shell_line("lrviz", "diff", f"git:HEAD:{words[0]}", *words, *run.words())
    return f"name the other behind it, or type {shell_line('lrviz', 'show', *words, *run.words())}"
