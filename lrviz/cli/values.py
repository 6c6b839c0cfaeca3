"""``lrviz values``: numbers."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from lrviz.cli.options import WORDS, RunOptions, check_choice, takes
from lrviz.curves.steps import Steps
from lrviz.errors import ScheduleError, SpecError

if TYPE_CHECKING:
    from lrviz.curves.series import Series

COLUMNS = 256


@takes(RunOptions)
def values(
    specs: Annotated[
        list[str],
        typer.Argument(metavar="SPEC...", help=WORDS, show_default=False),
    ],
    run: RunOptions,
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
        typer.Option(
            "--format",
            metavar="csv|json|plain|table",
            help="csv when piped, a table on a terminal.",
            show_default=False,
        ),
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Bare numbers, one line for each step.")] = False,
) -> None:
    """Print the values at chosen steps, to the last digit.

    Examples:
      lrviz values cosine --warmup 100 --at 0,100,50%

      lrviz values cosine linear --steps 1000 --every 10 > lr.csv

      lrviz values wsd --steps 1e6 --from 90% --to 100% --format json
    """
    from lrviz.cli.notes import resolved
    from lrviz.curves.series import series_of
    from lrviz.export import FORMATS as WRITERS
    from lrviz.export import Table

    if plain and format not in (None, "plain"):
        raise SpecError(f"--plain and --format {format} exclude each other", hint="leave one of them out")
    chosen_format = "plain" if plain else format or ("table" if sys.stdout.isatty() else "csv")
    check_choice("--format", chosen_format, tuple(WRITERS))
    chosen = list(series_of(resolved(specs, run), quantity))
    plan = max((row.of.plan for row in chosen), key=lambda plan: plan.total_steps)
    steps = Steps.chosen(plan, at, every, start, stop, few=chosen_format == "table")
    _refuse_stopped(chosen, steps)
    if not run.quiet:
        _note_ends(chosen, steps.last)
    table = Table(
        tuple(row.label for row in chosen),
        tuple(row.timeline for row in chosen),
        plan.steps_per_epoch if len({row.of.plan.steps_per_epoch for row in chosen}) == 1 else None,
        plan.total_steps,
    )
    for text in WRITERS[chosen_format](table, steps.blocks()):
        sys.stdout.write(text)


def _note_ends(chosen: Iterable[Series], last: int) -> None:
    """Say from which step on values lie after the end of a run."""
    ended: dict[int, list[str]] = {}
    for row in chosen:
        if last >= row.steps:
            ended.setdefault(row.steps, []).append(row.label)
    for steps, labels in ended.items():
        print(
            f"note: {', '.join(labels)}: steps from {steps} on lie after the end of the run", file=sys.stderr
        )


def _refuse_stopped(chosen: Iterable[Series], steps: Steps) -> None:
    """Refuse before the first number is written, where the framework raises before a step asked for."""
    from lrviz.engine.sampling import seen_until

    for row in chosen:
        _, ran, stop = seen_until(row.timeline, 0, steps.last + 1, COLUMNS)
        if stop is not None:
            raise ScheduleError(
                f"{row.label} stops at step {ran}: {stop[1]}", hint=f"--to {ran} stays before it", step=ran
            )
