"""``lrviz identify``: which schedule made the learning rates of a log."""

from __future__ import annotations

from typing import Annotated

import typer

from lrviz.cli.command import Quiet
from lrviz.cli.options import GRIDS, check_choice, one_of
from lrviz.errors import ANSWERED_NO
from lrviz.export.grid import FORMATS

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
    from lrviz.export.identify_formats import identify_texts
    from lrviz.identification.identified import ranked
    from lrviz.identification.of_word import identify_word

    check_choice("--format", format, FORMATS)
    numbers = {"steps": steps, "steps_per_epoch": steps_per_epoch, "top": top}
    said = {name: number_of(name, text) for name, text in numbers.items() if text is not None}
    found = identify_word(log, said.get("steps"), said.get("steps_per_epoch"))
    say(found.log.findings, quiet=quiet)
    shown = ranked(found, said.get("top"))
    print(*identify_texts(found, shown, found.log.findings, format), sep="\n")
    return 0 if shown else ANSWERED_NO
