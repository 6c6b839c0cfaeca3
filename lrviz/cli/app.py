"""The Typer application: which commands there are."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Annotated, Any

import typer

from lrviz import __version__
from lrviz.cli.complete import completed
from lrviz.cli.usage import unknown_command, usage_error

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


COMMANDS = {
    "plot": "plot",
    "show": "show",
    "values": "values",
    "plan": "plan",
    "list": "list_",
    "info": "info",
}
"""Each command's function, which stands in the module of the command's name."""


def _load(name: str) -> Callable[..., None]:
    """The function of one command."""
    function: Callable[..., None] = getattr(import_module(f"lrviz.cli.{name}"), COMMANDS[name])
    return completed(function)


def run(args: list[str]) -> int:
    """Run one command line; the exit code.

    Raises:
        LrvizError: refused, in words.
        BrokenPipeError: the reader of stdout is gone.
        KeyboardInterrupt: the user stopped it.

    """
    if not args[0].startswith("-") and args[0] not in COMMANDS:
        raise unknown_command(args, COMMANDS)
    for name in [args[0]] if args[0] in COMMANDS else COMMANDS:  # a command need not load the others
        app.command(name)(_at_the_edge(_load(name)))
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
    for parameter in inspect.signature(_load(command)).parameters.values():
        (info,) = parameter.annotation.__metadata__
        names = [info.default, *(info.param_decls or ())]
        found += [name for name in names if isinstance(name, str) and name.startswith("--")]
    return found
