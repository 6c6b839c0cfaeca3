"""Usage errors in lrviz's own words: what Typer says differs between its versions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lrviz.errors import LrvizError
from lrviz.notation.nearest import nearest
from lrviz.notation.shell import shell_line, shell_word

if TYPE_CHECKING:
    from lrviz.catalogue.registry import Entry

SIDES = {"diff": 2}
"""How many schedules a command takes that does not take any number of them."""
PICTURES = ("plot", "report")
"""Commands whose width is that of pictures."""
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
        way = ["plot", *args] if _is_config(word) else []
    return _no_command(f"no command {word!r}", way, commands)


def missing_command(error: Any, args: Sequence[str], options: Mapping[str, Collection[str]]) -> UsageError:
    """Options alone, or in front of a schedule; ``options`` are those of each command."""
    option = _whole(getattr(error, "option_name", "") or "", args)
    if option.startswith("-") and not any(option in known for known in options.values()):
        return UsageError(f"no option {option}", hint="lrviz --help shows the commands and their options")
    named = any(entry_of(word) or _is_config(word) for word in args)
    return _no_command("no command", ["plot", *_with_values(args)] if named else [], options)


def _no_command(message: str, way: list[str], commands: Collection[str]) -> UsageError:
    hint = f"type {shell_line('lrviz', *way)}" if way else "lrviz --help shows them, lrviz list the schedules"
    return UsageError(f"{message}: the commands are {', '.join(commands)}", hint=hint)


def _is_config(word: str) -> bool:
    from lrviz.inputs.words import file_and_curve, file_and_label, is_config

    return is_config(file_and_curve(file_and_label(word)[0])[0])


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


def _with_values(words: Sequence[str]) -> list[str]:
    """``--lr cosine`` as ``--lr 1e-3 cosine``: an option without its value has an example."""
    made = []
    for word, value in zip(words, _following(words), strict=True):
        made.append(word)
        if sample := _sample(word, value):
            made.append(sample)
    return made


def _sample(option: str, value: str | None) -> str:
    """The example of an option of the run whose value is missing, or a word that it does not take."""
    from lrviz.resolve.key import option_of
    from lrviz.resolve.keys import KEYS

    key = KEYS.get(_key(option))
    if not key or option != option_of(key.name) or not key.metavar:
        return ""
    return key.example if value is None or (entry_of(value) and not key.takes_text(value)) else ""


def usage_error(
    error: Any,
    command: str,
    given: Sequence[str],
    options: Mapping[str, Mapping[str, str]],
    formats: Collection[str] = (),
    *,
    has_specs: bool,
    example: str = "",
) -> UsageError:
    """An error of Typer's parser: an unknown option, one without its value, a word too many or too few.

    ``options`` are those of each command, with what they take, ``formats`` what its --format takes; an
    ``example`` is shown to whoever types the command alone.
    """
    option = _whole(getattr(error, "option_name", "") or "", given)
    help_line = _help_line(command)
    if not option.startswith("-"):
        return UsageError(
            _miscounted(error.format_message()), hint=f"for example {example}" if example else help_line
        )
    if not hasattr(error, "possibilities"):  # the option is known
        if any(word.startswith(f"{option}=") for word in given):
            return UsageError(f"{option} takes no value", hint=f"type {option} alone")
        return needs_value(option, help_line)
    known = options[command]
    hints = (
        _misspelt(option, given, [one for one in known if _letters(one) == _letters(option)]),
        _as_parameter(option, given) if has_specs else "",
        _called(option, given, known),
        _misspelt(option, given, known),
        _as_schedule(option, given, command) if has_specs else "",
        _as_format(option, given, formats),
        _into_file(option, given, command),
        _by_environment(option, given, command),
        _elsewhere(option, given, command, options),
    )
    return UsageError(f"no option {option}", hint=next(filter(None, hints), help_line))


def _miscounted(said: str) -> str:
    """What Typer says of a word too few or too many, in fewer words."""
    missing, more = re.search(r"Missing \w+ '(.+?)'", said), re.search(r"extra argument\S* \((.+)\)", said)
    if missing:
        return f"no {missing[1]} is named"
    return f"too many words: {more[1]}" if more else said.rstrip(".")


def _as_format(option: str, given: Sequence[str], formats: Collection[str]) -> str:
    """``--json`` or ``-f json`` of a command that has that format."""
    meant = next((one for one in (option.lstrip("-"), _value_of(option, given)) if one in formats), None)
    return f"did you mean --format {meant}?" if meant else ""


def _whole(option: str, given: Sequence[str]) -> str:
    """The word that an option stood in: of ``-lr`` the parser reads ``-l`` alone."""
    if not re.fullmatch("-[A-Za-z]", option):
        return option
    words = (word.partition("=")[0] for word in given)
    return next((word for word in words if word.startswith(option) and len(word) > len(option)), option)


def missing_words(command: str, example: str, said: Mapping[str, str]) -> UsageError:
    """A command that draws or prints schedules, and no word says which, but it may be an option's value."""
    message = "no schedule, config or trainer's file is named"
    for option, value in said.items():
        if sample := _sample(option, value):
            line = shell_line("lrviz", command, value, option, sample)
            return UsageError(message, hint=f"{option} takes a value: {line}")
    return UsageError(message, hint=f"for example {example}")


def _help_line(command: str) -> str:
    return f"lrviz {command} --help lists what it takes"


def needs_value(option: str, help_line: str = "") -> UsageError:
    """An option at the end of the line, or in front of another one."""
    typed = f"type {option} {_sample(option, None) or 'and a value'}"
    return UsageError(f"{option} needs a value", hint="; ".join(filter(None, [typed, help_line])))


def refuse_flag_values(flags: Collection[str], words: Sequence[str]) -> None:
    """Refuse ``--drop-last yes``: an option that is there or not takes no word.

    Raises:
        UsageError: one has a word.

    """
    for word, value in zip(words, _following(words), strict=True):
        if word in flags and value in (*YES, *NO):
            raise UsageError(
                f"{word} takes no value", hint=f"type {word} alone" if value in YES else f"leave out {word}"
            )


def _misspelt(option: str, given: Sequence[str], options: Collection[str]) -> str:
    """The option that is meant, word for word nearly the same: ``--max-lr`` is no slip for ``--min-lr``."""
    from lrviz.inputs.foreign.synonyms import Synonym
    from lrviz.resolve.keys import KEYS

    near = [known for known in options if _is_near(_words(option), _words(known))]
    meant = nearest(option.lower(), near, cutoff=0)
    if _key(meant) in KEYS and KEYS[_key(meant)].metavar:
        value = _value_of(option, given)
        is_taken = value is not None and KEYS[_key(meant)].takes_text(value)
        return f"did you mean {Synonym(_key(meant)).hint(value if is_taken else None)}?"
    return f"did you mean {meant}?" if meant else ""


def _called(option: str, given: Sequence[str], options: Collection[str]) -> str:
    """Lrviz's option for what a trainer, or a schedule, calls so, if a schedule of the call hears it."""
    from lrviz.inputs.foreign.synonyms import synonym_of
    from lrviz.resolve.key import option_of
    from lrviz.resolve.spec_keys import is_heard, no_floor

    meant = synonym_of(option)
    if meant is None or option_of(meant.key) not in options:
        return ""
    hint, entries = meant.hint(_value_of(option, given)), [*filter(None, map(entry_of, given))]
    if entries and not any(is_heard(entry, meant.key) for entry in entries):
        idle = f"{hint} is meant, and changes nothing of {', '.join(one.id for one in entries)}"
        return no_floor(hint) if meant.key == "min_lr" else idle
    return f"did you mean {hint}?"


def _as_schedule(option: str, given: Sequence[str], command: str) -> str:
    """A schedule is no option's value: ``--lr-scheduler-type cosine``."""
    from lrviz.inputs.foreign.synonyms import names_schedule

    name = _value_of(option, given)
    if name is None or not entry_of(name) or not names_schedule(option):
        return ""
    rest = _without(option, given)
    words = rest if name in rest else [name, *rest]
    return f"a schedule is a word of its own: {shell_line('lrviz', command, *words)}"


def _elsewhere(
    option: str, given: Sequence[str], command: str, options: Mapping[str, Mapping[str, str]]
) -> str:
    """Another command has that option; the line for it where it has all others too, taking the same."""
    having = [name for name, known in options.items() if option in known]
    if not having:
        return ""
    typed = {one for word in given if (one := word.partition("=")[0]) in {option, *options[command]}}
    fitting = [
        name
        for name in having
        if all(options[command].get(one, options[name].get(one)) == options[name].get(one) for one in typed)
    ]
    words = sum(1 for word in given if entry_of(word) or _is_config(word))
    fitting = [name for name in fitting if words == SIDES.get(name, words)]
    is_run = words > 0
    line = f": {shell_line('lrviz', fitting[0], *given)}" if is_run and fitting else ""
    return f"{option} is an option of {(fitting or having)[0]}{line}"


def _into_file(option: str, given: Sequence[str], command: str) -> str:
    """What a command prints goes into a file by the shell, unless a picture is meant."""
    from lrviz.draw.formats import FILES

    place = _value_of(option, given)
    if option not in ("-o", "--output") or place is None or place.rpartition(".")[2].lower() in FILES:
        return ""
    return f"it prints: {shell_line('lrviz', command, *_without(option, given))} > {shell_word(place)}"


def _by_environment(option: str, given: Sequence[str], command: str) -> str:
    """How wide and how colourful a terminal is stands in its environment: ``--width 100``, ``--no-color``."""
    if option in ("--no-color", "--no-colour"):
        setting, rest = "NO_COLOR=1", [word for word in given if word != option]
    elif option == "--width" and command not in PICTURES:
        setting, rest = f"COLUMNS={_value_of(option, given) or 120}", _without(option, given)
    else:
        return ""
    return f"the terminal's environment says it: {setting} {shell_line('lrviz', command, *rest)}"


def _without(option: str, given: Sequence[str]) -> list[str]:
    """The words of a call but an option and its value."""
    place = next(i for i, word in enumerate(given) if word.partition("=")[0] == option)
    return [*given[:place], *given[place + (1 if "=" in given[place] else 2) :]]


def _words(option: str) -> list[str]:
    return re.split("[-_]", option.lower().lstrip("-"))


def _is_near(typed: list[str], known: list[str]) -> bool:
    pairs = zip(typed, known, strict=False)
    return "".join(typed) == "".join(known) or (
        len(typed) == len(known) and all(nearest(a, [b], cutoff=0.75) for a, b in pairs)
    )


def _letters(option: str) -> str:
    return "".join(_words(option))


def _as_parameter(option: str, given: Sequence[str]) -> str:
    """A parameter of a schedule in the call stands in its spec."""
    from lrviz.resolve.keys import KEYS

    for word in given:
        entry = entry_of(word)
        if entry and _key(option) in (*entry.params, *KEYS):
            spec = shell_word(_with_parameter(word, option, _value_of(option, given) or "VALUE"))
            return f"a parameter of the schedule is part of its name: {spec}"
    return ""


def _value_of(option: str, given: Sequence[str]) -> str | None:
    """What stood behind the option, if anything."""
    for word, following in zip(given, _following(given), strict=True):
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
        if word == option:
            return following
    return None


def _following(words: Sequence[str]) -> list[str | None]:
    """Behind each word the next, where that is no option."""
    return [None if re.match("-(?![.0-9])", word) else word for word in (*words, "-")[1:]]
