"""Usage errors in lrviz's own words: what Typer says differs between its versions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from lrviz.errors import LrvizError
from lrviz.notation.nearest import nearest
from lrviz.notation.shell import shell_line, shell_word

if TYPE_CHECKING:
    from lrviz.catalogue.registry import Entry


class UsageError(LrvizError):
    """The words of the command line do not fit together."""


def unknown_command(args: Sequence[str], commands: Collection[str], options: Iterable[str]) -> UsageError:
    """The first word is no command: a near one is meant, or it is a schedule to plot with these options."""
    word, *rest = args
    close = nearest(word, commands)
    if close:
        way = [close, *rest]
    elif entry_of(word) and {"-h", "--help"} & {*rest}:
        way = ["info", word]
    elif entry_of(word):
        way = ["plot", *_with_parameters(word, rest, options)]
    else:
        way = ["plot", *args] if _is_config(word) else []
    return _no_command(f"no command {word!r}", way, commands)


def missing_command(args: Sequence[str], commands: Collection[str]) -> UsageError:
    """Options alone, or in front of a schedule."""
    named = any(entry_of(word) or _is_config(word) for word in args)
    return _no_command("no command", ["plot", *args] if named else [], commands)


def _no_command(message: str, way: list[str], commands: Collection[str]) -> UsageError:
    hint = f"type {shell_line('lrviz', *way)}" if way else "lrviz --help shows them, lrviz list the schedules"
    return UsageError(f"{message}: the commands are {', '.join(commands)}", hint=hint)


def _is_config(word: str) -> bool:
    from lrviz.inputs.words import is_config

    return word == "-" or is_config(word)


def entry_of(word: str) -> Entry | None:
    """The schedule a word names, where it names one."""
    from lrviz.catalogue.names import lookup

    return lookup(word.partition(":")[0].strip())


def with_launch_line(args: Sequence[str]) -> list[str]:
    """What stands behind ``--`` as one launch line, where it is none of lrviz's own words."""
    place = list(args).index("--") if "--" in args else len(args)
    before, line = list(args[:place]), args[place + 1 :]
    if not line or _are_specs(line) or _are_files(line):
        return list(args)
    return [*before, "--args", shell_line(*line)]


def _are_specs(line: Sequence[str]) -> bool:
    """Whether a line begins with a schedule: ``yolo detect train`` has a program that is called like one."""
    second = line[1] if len(line) > 1 else ""
    is_spec = not second or "=" in second or ":" in second or bool(entry_of(second)) or _is_config(second)
    return bool(entry_of(line[0])) and is_spec


def _are_files(line: Sequence[str]) -> bool:
    """Whether a line begins with a file to be read: ``dist_train.sh x.py 8`` has a word that is none."""
    if not _is_config(line[0]) or _has_options(line):
        return False
    return not line[0].endswith(".sh") or all(_is_config(word) or entry_of(word) for word in line)


def _has_options(line: Sequence[str]) -> bool:
    return any(word.startswith("-") or "=" in word for word in line[1:])


def _with_parameters(spec: str, rest: Sequence[str], options: Iterable[str]) -> list[str]:
    """``cosine --T_max 50 --lr 0.1`` as ``cosine:T_max=50 --lr 0.1``."""
    known, kept, words = set(options), [], iter(rest)
    for word in words:
        option, equals, value = word.partition("=")
        if option.startswith("--") and option not in known:
            spec = _with_parameter(spec, option, value if equals else next(words, "VALUE"))
        else:
            kept.append(word)
    return [spec, *kept]


def _with_parameter(spec: str, option: str, value: str) -> str:
    return f"{spec}{',' if ':' in spec else ':'}{_key(option)}={value}"


def _key(option: str) -> str:
    return option[2:].replace("-", "_")


def usage_error(
    error: Any, command: str, given: Sequence[str], options: Collection[str], *, has_specs: bool
) -> UsageError:
    """An error of Typer's parser: an unknown option, one without its value, a word too many or too few."""
    option = getattr(error, "option_name", "") or ""
    help_line = _help_line(command)
    if not option.startswith("-"):
        return UsageError(error.format_message().rstrip("."), hint=help_line)
    if not hasattr(error, "possibilities"):  # the option is known
        if any(word.startswith(f"{option}=") for word in given):
            return UsageError(f"{option} takes no value", hint=f"type {option} alone")
        return needs_value(option, help_line)
    hint = _meant(_misspelt(option, options)) or (_as_parameter(option, given) if has_specs else "")
    return UsageError(f"no option {option}", hint=hint or _meant(_called(option, options)) or help_line)


def _meant(option: str) -> str:
    return f"did you mean {option}?" if option else ""


def missing_words(command: str) -> UsageError:
    """A command that draws or prints schedules, and no word says which."""
    return UsageError("no schedule, config or trainer's file is named", hint=_help_line(command))


def _help_line(command: str) -> str:
    return f"lrviz {command} --help lists what it takes"


def needs_value(option: str, help_line: str = "") -> UsageError:
    """An option at the end of the line, or in front of another one."""
    return UsageError(
        f"{option} needs a value", hint="; ".join(filter(None, [f"type {option} and a value", help_line]))
    )


def _misspelt(option: str, options: Collection[str]) -> str:
    """The option that is meant, word for word nearly the same: ``--max-lr`` is no slip for ``--min-lr``."""
    near = [known for known in options if _is_near(_words(option), _words(known))]
    return nearest(option, near, cutoff=0)


def _called(option: str, options: Collection[str]) -> str:
    """Lrviz's option for what a trainer, or a schedule, calls so."""
    from lrviz.inputs.foreign.synonyms import key_called
    from lrviz.resolve.key import option_of

    name = option_of(key_called(option))
    return name if name in options else ""


def _words(option: str) -> list[str]:
    return re.split("[-_]", option.lower().lstrip("-"))


def _is_near(typed: list[str], known: list[str]) -> bool:
    pairs = zip(typed, known, strict=False)
    return "".join(typed) == "".join(known) or (
        len(typed) == len(known) and all(nearest(a, [b], cutoff=0.75) for a, b in pairs)
    )


def _as_parameter(option: str, given: Sequence[str]) -> str:
    """A parameter of a schedule in the call stands in its spec."""
    from lrviz.resolve.keys import KEYS

    for word in given:
        entry = entry_of(word)
        if entry and _key(option) in (*entry.params, *KEYS):
            spec = shell_word(_with_parameter(word, option, _value_of(option, given)))
            return f"a parameter of the schedule is part of its name: {spec}"
    return ""


def _value_of(option: str, given: Sequence[str]) -> str:
    """What stood behind the option."""
    for word, following in zip(given, [*given[1:], "-"], strict=True):
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
        if word == option and not following.startswith("-"):
            return following
    return "VALUE"
