"""The Typer application: which commands there are, and how one is run."""

from __future__ import annotations

import functools
import inspect
import os
import traceback
from collections.abc import Callable
from importlib import import_module
from typing import Annotated, Any

import typer

from lrviz.cli.command import CommandError, Debug, TextCommand, with_common_options
from lrviz.cli.complete import completed, mend_words
from lrviz.cli.help import PlainGroup, first_example, takes_specs
from lrviz.cli.launch_line import with_launch_line
from lrviz.cli.streams import ClosedPipe
from lrviz.cli.usage import missing_command, unknown_command

COMMANDS = {
    "plot": "plot",
    "show": "show",
    "compare": "compare",
    "values": "values",
    "plan": "plan",
    "check": "check",
    "diff": "diff",
    "identify": "identify",
    "report": "report",
    "code": "code",
    "list": "list_",
    "info": "info",
    "schema": "schema",
}
"""Each command's function, which stands in the module of the command's name."""
SUMMARY = "Show the learning-rate schedule a training run will really use, before a GPU-hour is spent."
SETTINGS: dict[str, Any] = {"rich_markup_mode": None, "pretty_exceptions_enable": False}
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
HELP = ("help", "-h", "--help")


def run(args: list[str], *, debug: bool = False) -> int:
    """Run one command line; the exit code. With ``debug`` the traceback of what it raises is printed.

    Raises:
        LrvizError: refused, in words.
        ClosedPipe: the reader of stdout is gone.
        KeyboardInterrupt: the user stopped it.

    """
    try:
        return _run(args)
    except CommandError as carried:
        error, debug = carried.error, debug or carried.debug
    except Exception as raised:  # noqa: BLE001  (it is raised below)
        error, debug = raised, debug or "--debug" in args  # no option has been read
    if debug and not isinstance(error, (KeyboardInterrupt, ClosedPipe)):
        traceback.print_exception(error)
    raise error


def _run(args: list[str]) -> int:
    command, given = _split_command(args)
    if command and takes_specs(_infos_of(command)):
        given = with_launch_line(given)
    try:
        return int(_application(command)(given, standalone_mode=False) or 0)
    except CommandError:
        raise
    except Exception as error:
        # Typer's usage errors are click's, and where click lives depends on Typer's version.
        if not hasattr(error, "format_message"):
            raise
        from lrviz.cli.unknown_option import usage_error

        options = {name: _options_of(name) for name in COMMANDS}
        if not command:
            raise missing_command(error, args, options) from None
        has_specs = takes_specs(_infos_of(command))
        example = "" if given else first_example(_load(command))  # nothing is named
        formats = _formats_of(command)
        raise usage_error(
            error, command, given, options, formats, has_specs=has_specs, example=example
        ) from None


def _split_command(args: list[str]) -> tuple[str, list[str]]:
    """The command, in front of which options may stand, and what it is given; "" is lrviz as a whole."""
    if not args or args[0] in HELP:
        args = [*args[1:], "--help"]
    if not args[0].startswith("-"):
        command, *given = args
        if command not in COMMANDS:
            raise unknown_command(args, COMMANDS, _options_of("plot"))
        return command, given
    place = next((i for i, word in enumerate(args) if word in COMMANDS), None)
    if place is None:
        return "", ["--help"] if set(args).intersection(HELP) else args
    return args[place], args[:place] + args[place + 1 :]


def _application(command: str) -> Callable[..., Any]:
    """The program of one command, which need not load the others; "" is all of it."""
    if command:
        program = typer.Typer(add_completion=False, **SETTINGS)
        _add(program, command)
        return functools.partial(program, prog_name=f"lrviz {command}")
    for name, empty in (("COMP_WORDS", ""), ("COMP_CWORD", "0")):  # bash's, where a TAB asks
        os.environ.setdefault(name, empty)
    mend_words(os.environ)
    program = typer.Typer(cls=PlainGroup, name="lrviz", help=SUMMARY, context_settings=CONTEXT, **SETTINGS)
    program.callback()(_options)
    for name in COMMANDS:
        _add(program, name)
    return functools.partial(program, prog_name="lrviz")


def _add(program: typer.Typer, command: str) -> None:
    program.command(command, cls=TextCommand, context_settings=CONTEXT)(_load(command))


def _options(
    version: Annotated[bool, typer.Option("--version", "-V", help="Print the version and exit.")] = False,
    debug: Debug = False,
) -> None:
    """Take what the help shows: the version is said before Typer loads, the rest belongs to a command."""


def _load(name: str) -> Callable[..., int | None]:
    """The function of one command, as Typer takes it."""
    function: Callable[..., int | None] = getattr(import_module(f"lrviz.cli.{name}"), COMMANDS[name])
    return with_common_options(completed(function))


def _options_of(command: str) -> dict[str, str]:
    """The options of a command and what each takes, as its signature gives them to Typer."""
    decls = [
        (decl, info) for info in _infos_of(command) for decl in (info.default, *(info.param_decls or ()))
    ]
    names = [(name, info) for decl, info in decls if isinstance(decl, str) for name in decl.split("/")]
    return {name: info.metavar or "" for name, info in names if name.startswith("-")}


def _formats_of(command: str) -> list[str]:
    """What its --format takes, as its help has it."""
    named = (info for info in _infos_of(command) if "--format" in (info.default, *(info.param_decls or ())))
    return [word for info in named for word in (info.metavar or "").split("|")]


def _infos_of(command: str) -> list[Any]:
    """What its signature tells Typer of each of a command's parameters."""
    parameters = inspect.signature(_load(command)).parameters.values()
    return [info for parameter in parameters for info in parameter.annotation.__metadata__]
