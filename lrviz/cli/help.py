"""Help as plain text: no name, choice or word is ever cut, however narrow the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from shutil import get_terminal_size
from textwrap import wrap
from typing import Any

from typer.core import TyperGroup

from lrviz.errors import EXIT_CODES

GRAMMAR = (
    'A SPEC is NAME or NAME:key=value,key=value, as "cosine:warmup=6%,lr=3e-4". A value is a number, a share '
    "of the run (6%), epochs (2ep), a list (30,60), a word or an expression. Quotes keep commas and brackets "
    "from the shell. lrviz list tells the names, lrviz info NAME the keys of one."
)
NARROWEST = 30
"""Characters that a line has at least, and a text beside its name."""
WIDEST_NAME = 24
"""A name longer than that stands on a line of its own."""


class PlainHelp:
    """A command, or a group of them, whose help is plain."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        width = min(formatter.width, max(NARROWEST, get_terminal_size().columns - 2))
        formatter.write("\n".join(help_lines(self, ctx, width)) + "\n")


class PlainGroup(PlainHelp, TyperGroup):
    """All commands, with plain help."""


def takes_specs(arguments: Iterable[Any]) -> bool:
    """Whether one of a command's arguments is a schedule, as its help shows it."""
    return any("SPEC" in (argument.metavar or "") for argument in arguments)


def help_lines(command: Any, ctx: Any, width: int) -> Iterator[str]:
    """Usage, what it does with examples, commands, arguments, options by panel, grammar and exit codes."""
    params, commands = command.get_params(ctx), getattr(command, "commands", {})
    arguments = {param.metavar: param.help for param in params if param.param_type_name == "argument"}
    options = [param for param in params if param.param_type_name == "option"]
    usage = ["Usage:", ctx.command_path, *(["COMMAND"] if commands else []), "[OPTIONS]", *arguments]
    yield from _wrapped(" ".join(usage), width)
    yield from _text(command.help, width)
    yield from _table("Commands", {name: _summary(one) for name, one in commands.items()}, width)
    yield from _table("Arguments", arguments, width)
    for panel in dict.fromkeys(map(_panel, options)):
        yield from _table(panel, dict(_option(one) for one in options if _panel(one) == panel), width)
    if commands or takes_specs(params):
        yield from _text(GRAMMAR, width)
    codes = ", ".join(f"{code} {meaning}" for code, meaning in EXIT_CODES.items())
    yield from _text(f"Exit codes: {codes}.", width)


def first_example(command: object) -> str:
    """The first line under the examples of a command's docstring."""
    _, _, examples = (command.__doc__ or "").partition("Examples:")
    return next(filter(None, map(str.strip, examples.splitlines())), "")


def _summary(command: Any) -> str:
    return str(command.help).partition("\n")[0]


def _panel(option: object) -> str:
    return getattr(option, "rich_help_panel", None) or "Options"


def _option(option: Any) -> tuple[str, str]:
    """``-o, --output FILE`` and its text; what is taken where it is left out stands behind that."""
    names = ", ".join(sorted([*option.opts, *option.secondary_opts], key=len))
    default = f" [{option.default}]" if option.show_default and isinstance(option.default, str) else ""
    return names if option.is_flag else f"{names} {option.metavar}", option.help + default


def _table(title: str, rows: dict[str, str], width: int) -> Iterator[str]:
    """The names below each other, each beside its text or, a long one, above it; all in a narrow terminal."""
    if not rows:
        return
    widest = min(WIDEST_NAME, max(map(len, rows)))
    widest = widest if width - widest - 4 >= NARROWEST else 2
    column = 4 + widest
    yield from ("", f"{title}:")
    for name, text in rows.items():
        first, *rest = _wrapped(text, width - column)
        is_beside = len(name) <= widest
        if not is_beside:
            yield f"  {name}"
        yield f"  {name if is_beside else '':<{column - 2}}{first}"
        yield from (" " * column + line for line in rest)


def _text(text: str, width: int) -> Iterator[str]:
    """Paragraphs; an indented line, as an example, stays as it is."""
    for paragraph in text.split("\n\n"):
        if paragraph.startswith(" "):
            yield paragraph
        else:
            yield ""
            yield from paragraph.splitlines() if "\n " in paragraph else _wrapped(paragraph, width)


def _wrapped(text: str, width: int) -> list[str]:
    return wrap(text, width, break_on_hyphens=False, break_long_words=False)
