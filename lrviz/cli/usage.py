"""Usage errors in lrviz's own words: what Typer says differs between its versions."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from dataclasses import fields
from typing import Any

from lrviz.cli.options import RunOptions
from lrviz.errors import LrvizError
from lrviz.notation.spec import is_name

TAKES_SCHEDULES = ("plot", "show", "values")


class UsageError(LrvizError):
    """The words of the command line do not fit together."""


def unknown_command(args: list[str], commands: Collection[str]) -> UsageError:
    """The first word is no command: a near one is meant, or it is a schedule."""
    word, *rest = args
    close = difflib.get_close_matches(word, commands, n=1)
    if close or not is_name(word.partition(":")[0]):
        way = ["lrviz", close[0] if close else "plot", *(rest if close else args)]
    else:
        way = ["lrviz", "plot", *_as_spec(word, rest)]
    return UsageError(
        f"no command {word!r}: the commands are {', '.join(commands)}", hint=f"type {' '.join(way)}"
    )


def _as_spec(name: str, rest: list[str]) -> list[str]:
    """``cosine --T_max 50 --lr 0.1`` as ``cosine:T_max=50 --lr 0.1``."""
    known = {"--" + field.name.replace("_", "-") for field in fields(RunOptions)}
    pieces, kept, words = [], [], iter(rest)
    for word in words:
        option, equals, value = word.partition("=")
        if option.startswith("--") and option not in known:
            pieces.append(f"{option[2:].replace('-', '_')}={value if equals else next(words, 'VALUE')}")
        else:
            kept.append(word)
    joined = ("," if ":" in name else ":") + ",".join(pieces) if pieces else ""
    return [name + joined, *kept]


def usage_error(error: Any, args: list[str], options: Iterable[str]) -> UsageError:
    """An error of Typer's parser: an unknown option, one without its value, a word too many or too few."""
    command, option = args[0], getattr(error, "option_name", "") or ""
    help_line = f"lrviz {command} --help lists what it takes"
    if not option.startswith("-"):
        return UsageError(error.format_message().rstrip("."), hint=help_line)
    if not hasattr(error, "possibilities"):  # the option is known
        return UsageError(f"{option} needs a value", hint=f"type {option} and a value; {help_line}")
    close = difflib.get_close_matches(option, options, n=1, cutoff=0.75)
    if close:
        return UsageError(f"no option {option}", hint=f"did you mean {close[0]}?")
    if command not in TAKES_SCHEDULES or not option.startswith("--"):
        return UsageError(f"no option {option}", hint=help_line)
    name = option[2:].replace("-", "_")
    hint = f"a parameter of the schedule is part of its name: NAME:{name}={_value_of(option, args)}"
    return UsageError(f"no option {option}", hint=hint)


def _value_of(option: str, args: list[str]) -> str:
    """What stood behind the option."""
    for i, arg in enumerate(args):
        if arg.startswith(f"{option}="):
            return arg.partition("=")[2]
        if arg == option and i + 1 < len(args):
            return args[i + 1]
    return "VALUE"
