"""The Typer application: which commands there are, and usage errors in lrviz's own words."""

from __future__ import annotations

import difflib
import functools
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from lrviz import __version__
from lrviz.cli.plan import plan
from lrviz.cli.plot import plot
from lrviz.cli.show import show
from lrviz.cli.values import values
from lrviz.errors import LrvizError

app = typer.Typer(
    name="lrviz",
    help="Show the learning-rate schedule a training run will really use, before a GPU-hour is spent.",
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


class UsageError(LrvizError):
    """The words of the command line do not fit together."""


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,  # noqa: ARG001
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


COMMANDS = {command.__name__: command for command in (plot, show, values, plan)}

for _command in COMMANDS.values():
    app.command()(_at_the_edge(_command))


def run(args: list[str]) -> int:
    """Run one command line; the exit code.

    Raises:
        LrvizError: refused, in words.
        BrokenPipeError: the reader of stdout is gone.
        KeyboardInterrupt: the user stopped it.

    """
    if not args[0].startswith("-") and args[0] not in COMMANDS:
        raise _no_command(args)
    try:
        return int(app(args, standalone_mode=False) or 0)
    except _PastTyper as carried:
        raise carried.args[0] from None
    except Exception as error:
        # Typer's usage errors are click's, and where click lives depends on Typer's version.
        if not hasattr(error, "format_message"):
            raise
        raise _usage(error, args) from None


def _no_command(args: list[str]) -> UsageError:
    word = args[0]
    close = difflib.get_close_matches(word, COMMANDS, n=1)
    way = " ".join(["lrviz", close[0] if close else "plot", *(args[1:] if close else args)])
    return UsageError(f"no command {word!r}: the commands are {', '.join(COMMANDS)}", hint=f"type {way}")


def _usage(error: Any, args: list[str]) -> UsageError:
    option = getattr(error, "option_name", "") or ""
    possible = getattr(error, "possibilities", None) or []
    if not option.startswith("-"):
        return UsageError(
            error.format_message().rstrip("."), hint=f"lrviz {args[0]} --help lists what it takes"
        )
    if possible:
        return UsageError(f"no option {option}", hint=f"did you mean {' or '.join(sorted(possible))}?")
    name, after = (
        option.lstrip("-").replace("-", "_"),
        args[args.index(option) + 1 :] if option in args else [],
    )
    return UsageError(
        f"no option {option}",
        hint=f"a parameter of the schedule is part of its name: NAME:{name}={after[0] if after else 'VALUE'}",
    )
