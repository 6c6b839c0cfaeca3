"""What is said of an option that a command does not take, and of words too many or too few."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lrviz.cli.argv_words import (
    entry_of,
    given_options,
    is_config_word,
    key_of,
    letters_of,
    parts_of,
    value_of,
    whole_option,
    with_parameter,
    without,
)
from lrviz.cli.usage import UsageError, needs_value
from lrviz.notation.nearest import nearest
from lrviz.notation.shell import shell_line, shell_word

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

SIDES = {"diff": 2}
"""How many schedules a command takes that does not take any number of them."""
ALIKE = {"diff": "compare"}
"""The command that has another's answers as facts."""
PICTURES = ("plot", "report")
"""Commands whose width is that of pictures."""


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
    option = whole_option(getattr(error, "option_name", "") or "", given)
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
        _launched(given, command) if has_specs else "",
        _misspelt(option, given, [one for one in known if letters_of(one) == letters_of(option)]),
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


def _launched(given: Sequence[str], command: str) -> str:
    """A launch line that is typed without the two dashes in front: its options are no options of lrviz."""
    from lrviz.inputs.foreign.shell.launcher import is_launcher
    from lrviz.inputs.foreign.word import Word

    at = next((at for at, word in enumerate(given) if not word.startswith("-")), len(given))
    if not is_launcher(tuple(map(Word.of, given[at:]))):
        return ""
    return f"a launch line stands behind --: {shell_line('lrviz', command, *given[:at], '--', *given[at:])}"


def _miscounted(said: str) -> str:
    """What Typer says of a word too few or too many, in fewer words."""
    missing, more = re.search(r"Missing \w+ '(.+?)'", said), re.search(r"extra argument\S* \((.+)\)", said)
    if missing:
        return f"no {missing[1]} is named"
    return f"too many words: {more[1]}" if more else said.rstrip(".")


def _as_format(option: str, given: Sequence[str], formats: Collection[str]) -> str:
    """``--json`` or ``-f json`` of a command that has that format."""
    meant = next((one for one in (option.lstrip("-"), value_of(option, given)) if one in formats), None)
    return f"did you mean --format {meant}?" if meant else ""


def _help_line(command: str) -> str:
    return f"lrviz {command} --help lists what it takes"


def _misspelt(option: str, given: Sequence[str], options: Collection[str]) -> str:
    """The option that is meant, word for word nearly the same: ``--max-lr`` is no slip for ``--min-lr``."""
    from lrviz.inputs.foreign.synonyms import Synonym
    from lrviz.resolve.keys import KEYS

    near = [known for known in options if _is_near(parts_of(option), parts_of(known))]
    meant = nearest(option.lower(), near, cutoff=0)
    if meant in given_options(given):
        return f"{meant} says it already: leave {option} out"
    if key_of(meant) in KEYS and KEYS[key_of(meant)].metavar:
        value = value_of(option, given)
        is_taken = value is not None and KEYS[key_of(meant)].takes_text(value)
        return f"did you mean {Synonym(key_of(meant)).hint(value if is_taken else None)}?"
    return f"did you mean {meant}?" if meant else ""


def _is_near(typed: list[str], known: list[str]) -> bool:
    pairs = zip(typed, known, strict=False)
    return "".join(typed) == "".join(known) or (
        len(typed) == len(known) and all(nearest(a, [b], cutoff=0.75) for a, b in pairs)
    )


def _called(option: str, given: Sequence[str], options: Collection[str]) -> str:
    """Lrviz's option for what a trainer, or a schedule, calls so, if a schedule of the call hears it."""
    from lrviz.inputs.foreign.synonyms import said_already, synonym_of
    from lrviz.resolve.key import option_of
    from lrviz.resolve.spec_keys import is_heard, no_floor

    meant = synonym_of(option)
    if meant is None or option_of(meant.key) not in options:
        return ""
    if said := said_already(option, [meant.key], [key_of(one) for one in given_options(given)], None):
        return said
    hint, entries = meant.hint(value_of(option, given)), [*filter(None, map(entry_of, given))]
    if entries and not any(is_heard(entry, meant.key) for entry in entries):
        idle = f"{hint} is meant, and changes nothing of {', '.join(one.id for one in entries)}"
        return no_floor(hint) if meant.key == "min_lr" else idle
    return f"did you mean {hint}?"


def _as_schedule(option: str, given: Sequence[str], command: str) -> str:
    """A schedule is no option's value: ``--lr-scheduler-type cosine``."""
    from lrviz.inputs.foreign.synonyms import names_schedule

    name = value_of(option, given)
    if name is None or not entry_of(name) or not names_schedule(option):
        return ""
    rest = without(option, given)
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
    words = sum(1 for word in given if entry_of(word) or is_config_word(word))
    fitting = [name for name in fitting if words == SIDES.get(name, words)]
    fitting.sort(key=lambda name: name != ALIKE.get(command))
    line = f": {shell_line('lrviz', fitting[0], *given)}" if words and fitting else ""
    return f"{option} is an option of {(fitting or having)[0]}{line}"


def _into_file(option: str, given: Sequence[str], command: str) -> str:
    """What a command prints goes into a file by the shell, unless a picture is meant."""
    from lrviz.draw.formats import FILES

    place = value_of(option, given)
    if option not in ("-o", "--output") or place is None or place.rpartition(".")[2].lower() in FILES:
        return ""
    return f"it prints: {shell_line('lrviz', command, *without(option, given))} > {shell_word(place)}"


def _by_environment(option: str, given: Sequence[str], command: str) -> str:
    """How wide and how colourful a terminal is stands in its environment: ``--width 100``, ``--no-color``."""
    if option in ("--no-color", "--no-colour"):
        setting, rest = "NO_COLOR=1", [word for word in given if word != option]
    elif option == "--width" and command not in PICTURES:
        setting, rest = f"COLUMNS={value_of(option, given) or 120}", without(option, given)
    else:
        return ""
    return f"the terminal's environment says it: {setting} {shell_line('lrviz', command, *rest)}"


def _as_parameter(option: str, given: Sequence[str]) -> str:
    """A parameter of a schedule in the call stands in its spec."""
    from lrviz.resolve.keys import KEYS

    for word in given:
        entry = entry_of(word)
        if entry and key_of(option) in (*entry.params, *KEYS):
            if re.search(rf"[:,]\s*{key_of(option)}\s*=", word):
                return f"{word} says it already: leave {option} out"
            spec = shell_word(with_parameter(word, option, value_of(option, given) or "VALUE"))
            return f"a parameter of the schedule is part of its name: {spec}"
    return ""
