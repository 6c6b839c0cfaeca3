"""The Typer application: which commands there are."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from lrviz import __version__
from lrviz.cli.complete import completed
from lrviz.cli.info import info
from lrviz.cli.list import list_
from lrviz.cli.plan import plan
from lrviz.cli.plot import plot
from lrviz.cli.show import show
from lrviz.cli.usage import unknown_command, usage_error
from lrviz.cli.values import values

app = typer.Typer(
    name="lrviz",
    help="Show the learning-rate schedule a training run will really use, before a GPU-hour is spent.",
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,  # noqa: ARG001  (main looks at it, this is for the help)
) -> None:
    if version:
        print(f"lrviz {__version__}")
        raise typer.Exit


def _at_the_edge(command: Callable[..., None]) -> Callable[..., None]:
    """Carry a closed pipe and Ctrl-C past Typer, which would turn both into exit code 1."""

    @functools.wraps(command)
    def run_command(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
            sys.stdout.flush()
        except (BrokenPipeError, KeyboardInterrupt) as error:
            raise _PastTyper(error) from error

    return run_command


class _PastTyper(Exception):  # noqa: N818  (no error, a way out)
    """Carries an exception that Typer has its own opinion of."""


COMMANDS = {command.__name__.rstrip("_"): command for command in (plot, show, values, plan, list_, info)}

for _name, _command in COMMANDS.items():
    app.command(_name)(_at_the_edge(completed(_command)))


def run(args: list[str]) -> int:
    """Run one command line; the exit code.

    Raises:
        LrvizError: refused, in words.
        BrokenPipeError: the reader of stdout is gone.
        KeyboardInterrupt: the user stopped it.

    """
    if not args[0].startswith("-") and args[0] not in COMMANDS:
        raise unknown_command(args, COMMANDS)
    try:
        return int(app(args, standalone_mode=False) or 0)
    except _PastTyper as carried:
        raise carried.args[0] from None
    except Exception as error:
        # Typer's usage errors are click's, and where click lives depends on Typer's version.
        if not hasattr(error, "format_message"):
            raise
        raise usage_error(error, args, _options_of(args[0])) from None


def _options_of(command: str) -> list[str]:
    """The option names of a command, as its signature gives them to Typer."""
    found = []
    for parameter in inspect.signature(COMMANDS[command]).parameters.values():
        (info,) = parameter.annotation.__metadata__
        names = [info.default, *(info.param_decls or ())]
        found += [name for name in names if isinstance(name, str) and name.startswith("--")]
    return found
