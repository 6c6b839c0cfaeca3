"""``lrviz code``: a schedule as code of a framework, proved equal before it is printed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lrviz.cli.options import OF_RUN, check_choice, one_of, takes
from lrviz.cli.run_options import RunOptions
from lrviz.cli.targets import STDOUT
from lrviz.cli.usage import UsageError
from lrviz.errors import MissingMetricError, OutputError, SpecError
from lrviz.notation.shell import shell_line, shell_word
from lrviz.snippets.targets import target_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.curves.series import Series

TARGETS = target_names()
WORD = (
    "NAME:key=value,…; a config of one schedule, or FILE:LABEL; a trainer's own file or script; - is stdin."
)
EXAMPLE = "lrviz code cosine:warmup=100,lr=3e-4,steps=1000 --to torch"


@takes(OF_RUN)
def code(
    run: RunOptions,
    specs: Annotated[list[str], typer.Argument(metavar="SPEC", help=WORD, show_default=False)] = [],
    to: Annotated[str | None, one_of("--to", TARGETS, "What it is written for.")] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to, a .py file.", show_default=False),
    ] = None,
) -> int:
    """Write a schedule as code that runs, once it is proved to have the same numbers.

    A schedule of the target itself is made by its own constructor, any other one that is a function of the
    step by its formula. Where the library is installed the code is run, and the largest difference stands in
    its heading. Nothing is assumed: the spec, its file or options say the LR and the length.

    Examples:
      lrviz code cosine:warmup=100,lr=3e-4,steps=1000 --to torch

      lrviz code torch.OneCycleLR:max_lr=0.1 --steps 1000 --to optax -o schedule.py

      lrviz code run.toml --to transformers

      lrviz code wsd:num_decay_steps=20% --steps 10k --lr 3e-4 --warmup 500 --to numpy
    """
    from lrviz.cli.notes import say
    from lrviz.cli.output import write_file
    from lrviz.curves.series import families
    from lrviz.findings.gather import of_runs
    from lrviz.snippets.write import write_code

    if to is None:
        raise UsageError("--to is missing: what the code is for", hint=EXAMPLE)
    check_choice("--to", to, TARGETS)
    file = _file(output)
    rows = _rows(specs, run, to)
    say(of_runs(families(rows)), quiet=run.quiet)
    text, proof = write_code(rows, to, _command(specs, run, to) + _loaded(rows))
    if file is None:
        sys.stdout.write(text)
    else:
        write_file(file, text.encode(), quiet=run.quiet)
        if not run.quiet:
            print(proof.text, file=sys.stderr)
    return 0


def _file(output: str | None) -> Path | None:
    """The file to write.

    Raises:
        OutputError: it is no .py file, or cannot be written.

    """
    from lrviz.export.writing import check_target

    if output is None or output in STDOUT:
        return None
    file = Path(output)
    if file.suffix != ".py":
        raise OutputError(f"-o {output}: the code is Python", hint="-o schedule.py")
    check_target(file)
    return file


def _rows(specs: Sequence[str], run: RunOptions, to: str) -> list[Series]:
    """The curves of the param groups of one schedule.

    Raises:
        SpecError: there are several schedules, or none.

    """
    from lrviz.compare.sides import make_sides
    from lrviz.curves.read import read_words
    from lrviz.curves.runs import refuse_values
    from lrviz.curves.series import families

    if len(specs) != 1:
        hint = f"{_command(specs[:1], run, to)}; a branch and its trunk stand in a config: run.toml:LABEL"
        raise UsageError(f"one schedule is written, not {len(specs)}", hint=hint)
    wanted = [read_words(specs)]  # once: of stdin there is no second time
    try:
        (side,) = make_sides(specs, wanted, run.flags, "lr")
    except MissingMetricError:  # no code has the metric in it: any will do
        given = {**run.values, "metric": "constant"}
        (side,) = make_sides(specs, wanted, run.flags._replace(values=given), "lr")
    refuse_values(side.wanted)
    names = [name for name, _ in families(side.rows)]
    if len(names) > 1:
        text = f"{specs[0]} has {len(names)} schedules, and one is written"
        raise SpecError(text, hint=_one_of(specs[0], names))
    return side.rows


def _one_of(word: str, names: Sequence[str]) -> str:
    """How to name one of the schedules that a word stands for."""
    from lrviz.notation.braces import expand

    swept = expand(word)
    one = swept[0] if len(swept) > 1 else f"{word}:{names[0]}"
    return f"{shell_word(one)} is one of them"


def _command(specs: Sequence[str], run: RunOptions, to: str) -> str:
    """The command that writes the same again."""
    return shell_line("lrviz", "code", *specs, *run.words(), "--to", to)


def _loaded(rows: Sequence[Series]) -> str:
    """The option that runs the file which declares the schedule."""
    from lrviz.catalogue.names import find
    from lrviz.catalogue.own_schedule import OwnEntry

    entry = find(rows[0].run.schedule.id) if rows[0].run else None
    return f" --load {shell_word(entry.file)}" if isinstance(entry, OwnEntry) and entry.file else ""
