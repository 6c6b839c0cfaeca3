"""Usage errors in lrviz's own words: what Typer says differs between its versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.cli.argv_words import (
    entry_of,
    example_value,
    following,
    is_config_word,
    whole_option,
    with_parameter,
)
from lrviz.errors import LrvizError
from lrviz.notation.nearest import nearest
from lrviz.notation.shell import shell_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

YES, NO = ("yes", "true", "on"), ("no", "false", "off")


class UsageError(LrvizError):
    """The words of the command line do not fit together."""


def unknown_command(args: Sequence[str], commands: Collection[str], options: Iterable[str]) -> UsageError:
    """The first word is no command: a near one is meant, or it is a schedule to plot with these options."""
    word, *rest = args
    close = nearest(word.lower(), commands, cutoff=0.7)
    if close:
        way = [close, *rest]
    elif entry_of(word) and {"-h", "--help"} & {*rest}:
        way = ["info", word]
    elif entry_of(word):
        way = ["plot", *_with_values(_with_parameters(word, rest, options))]
    else:
        way = ["plot", *args] if is_config_word(word) else []
    return _no_command(f"no command {word!r}", way, commands)


def missing_command(error: object, args: Sequence[str], options: Mapping[str, Collection[str]]) -> UsageError:
    """Options alone, or in front of a schedule; ``options`` are those of each command."""
    option = whole_option(getattr(error, "option_name", "") or "", args)
    if option.startswith("-") and not any(option in known for known in options.values()):
        return UsageError(f"no option {option}", hint="lrviz --help shows the commands and their options")
    named = any(entry_of(word) or is_config_word(word) for word in args)
    return _no_command("no command", ["plot", *_with_values(args)] if named else [], options)


def _no_command(message: str, way: list[str], commands: Collection[str]) -> UsageError:
    hint = f"type {shell_line('lrviz', *way)}" if way else "lrviz --help shows them, lrviz list the schedules"
    return UsageError(f"{message}: the commands are {', '.join(commands)}", hint=hint)


def _with_parameters(spec: str, rest: Sequence[str], options: Iterable[str]) -> list[str]:
    """``cosine --T_max 50 --lr 0.1`` as ``cosine:T_max=50 --lr 0.1``."""
    known, kept, words = set(options), [], iter(rest)
    for word in words:
        option, equals, value = word.partition("=")
        if option.startswith("--") and option not in known:
            spec = with_parameter(spec, option, value if equals else next(words, "VALUE"))
        else:
            kept.append(word)
    return [spec, *kept]


def _with_values(words: Sequence[str]) -> list[str]:
    """``--lr cosine`` as ``--lr 1e-3 cosine``: an option without its value has an example."""
    made = []
    for word, value in zip(words, following(words), strict=True):
        made.append(word)
        if sample := example_value(word, value):
            made.append(sample)
    return made


def missing_words(command: str, example: str, said: Mapping[str, str]) -> UsageError:
    """A command that draws or prints schedules, and no word says which, but it may be an option's value."""
    message = "no schedule, config or trainer's file is named"
    for option, value in said.items():
        if sample := example_value(option, value):
            line = shell_line("lrviz", command, value, option, sample)
            return UsageError(message, hint=f"{option} takes a value: {line}")
    return UsageError(message, hint=f"for example {example}")


def needs_value(option: str, help_line: str = "") -> UsageError:
    """An option at the end of the line, or in front of another one."""
    typed = f"type {option} {example_value(option, None) or 'and a value'}"
    return UsageError(f"{option} needs a value", hint="; ".join(filter(None, [typed, help_line])))


def refuse_flag_values(flags: Collection[str], words: Sequence[str]) -> None:
    """Refuse ``--drop-last yes``: an option that is there or not takes no word.

    Raises:
        UsageError: one has a word.

    """
    for word, value in zip(words, following(words), strict=True):
        if word in flags and value in (*YES, *NO):
            raise UsageError(
                f"{word} takes no value", hint=f"type {word} alone" if value in YES else f"leave out {word}"
            )
