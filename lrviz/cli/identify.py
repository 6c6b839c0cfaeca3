"""``lrviz identify``: which schedule made the learning rates of a log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from lrviz.cli.command import Quiet
from lrviz.cli.options import GRIDS, check_choice, one_of
from lrviz.errors import ANSWERED_NO, SpecError
from lrviz.export.grid import FORMATS

if TYPE_CHECKING:
    from lrviz.inputs.logs.log import Log, LogColumn

LOGS = "A trainer's log, or LOG:column; - is stdin."


def identify(
    log: Annotated[str, typer.Argument(metavar="LOG", help=LOGS, show_default=False)],
    steps: Annotated[
        str | None,
        typer.Option(
            "--steps", metavar="N", help="Length of the run, where it is known.", show_default=False
        ),
    ] = None,
    steps_per_epoch: Annotated[
        str | None,
        typer.Option(
            "--steps-per-epoch",
            metavar="N",
            help="Steps in an epoch, for a log of epochs.",
            show_default=False,
        ),
    ] = None,
    top: Annotated[
        str | None,
        typer.Option("--top", metavar="N", help="So many of the schedules that do.", show_default=False),
    ] = None,
    format: Annotated[str, one_of("--format", FORMATS, GRIDS)] = "text",
    quiet: Quiet = False,
) -> int:
    """Say which schedule, with which numbers, reproduces every row of a log as exactly as it is written.

    Nothing is fitted to noise: the exit code is 1 where nothing reproduces it. Of numbers that do as well
    the roundest are said.

    Examples:
      lrviz identify trainer_state.json

      lrviz identify train.csv:lr --steps 10000

      lrviz identify train.csv --top 5 --format json
    """
    from lrviz.cli.notes import say
    from lrviz.cli.own_options import number_of
    from lrviz.curves.read import read_word
    from lrviz.curves.wanted import is_log
    from lrviz.export.identify_formats import identify_texts
    from lrviz.identification.identified import identify as identified
    from lrviz.identification.identified import ranked

    check_choice("--format", format, FORMATS)
    numbers = {"steps": steps, "steps_per_epoch": steps_per_epoch, "top": top}
    said = {name: number_of(name, text) for name, text in numbers.items() if text is not None}
    opened = read_word(log)
    if not is_log(opened):
        raise SpecError(f"{log}: no log of a run", hint="lrviz identify trainer_state.json")
    say(opened.findings, quiet=quiet)
    column = _column(opened, said.get("steps_per_epoch"))
    found = identified(opened, column, said.get("steps"))
    shown = ranked(found, said.get("top"))
    print(*identify_texts(found, shown, opened.findings, format), sep="\n")
    return 0 if shown else ANSWERED_NO


def _column(log: Log, steps_per_epoch: int | None) -> LogColumn:
    """The first learning rate of the log, counted in updates where the length of an epoch is known."""
    column = log.columns[0]
    return column.in_updates(steps_per_epoch or (None if column.is_whole else log.steps_per_epoch))
