"""What an assignment sets, and ``export``, ``declare``, ``set --`` and ``shift``, whose values are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shell.assigned import declared, is_local, letters_of
from lrviz.inputs.foreign.shell.assignments import assignment
from lrviz.inputs.foreign.shell.segments import RawWord
from lrviz.inputs.foreign.shell.shell_lexer import tokens
from lrviz.inputs.foreign.shell.shell_values import ANYTHING, ARGUMENTS
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lrviz.inputs.foreign.shell.shell_variables import Variables
    from lrviz.inputs.foreign.word import Word


def assign(raw: RawWord, variables: Variables, *, is_declared: bool) -> None:
    """``NAME=VALUE``, an element or an array; ``is_declared`` behind ``export`` and its kin."""
    found = assignment(raw, in_quotes=is_declared)
    if not found:
        made = variables.expand(raw)  # ${X:=default}
        for word in made if is_declared else ():
            _declare(word, variables)
    elif raw.array is not None and found.subscript is None:
        variables.assign(found.name, variables.expand(*raw.array), appends=found.appends, is_array=True)
    else:
        word = variables.value(raw._replace(segments=found.value))
        if found.subscript is None:
            variables.assign(found.name, [word], appends=found.appends, is_array=False)
        else:
            variables.assign_element(found.name, found.subscript, word, appends=found.appends)


def _declare(word: Word, variables: Variables) -> None:
    """``export $NAME=1``, where it is told by its value what that sets."""
    name, equals, _ = word.head.partition("=")
    if equals and name.isidentifier():
        variables.assign(name, [word.cut(len(name) + 1)], appends=False, is_array=False)
    elif equals or not word.head:
        variables.forget(ANYTHING, word.line)


def assign_words(
    words: tuple[RawWord, ...], names: set[str], variables: Variables, *, in_function: bool
) -> None:
    """Assignments, or those of ``export``, ``declare`` and its kin, whose names a function has for itself."""
    if in_function and is_local(words):
        unset(declared(words) - names, variables)
    if "A" in letters_of(words):
        variables.associative |= declared(words)
    for word in words:
        assign(word, variables, is_declared=word is not words[0])


def referred(words: tuple[RawWord, ...], variables: Variables) -> set[str]:
    """``X`` of ``declare -n R=X``, which is set where R is."""
    if not (declared(words) and "n" in letters_of(words)):
        return set()
    found = [one for one in map(assignment, words) if one]
    values = [variables.value(RawWord(one.value, words[0].line)).value for one in found]
    return {ANYTHING if isinstance(one, Unknown) else one for one in values}


def set_arguments(words: tuple[RawWord, ...], variables: Variables) -> None:
    """``set -- WORD…``, the same behind ``eval``, or ``shift``."""
    if words[0].plain == "shift":
        number = variables.value(words[1]).text if words[1:] else "1"
        variables.shift(number, words[0].line)
        return
    if words[0].plain == "set":
        found = variables.expand(*words[2:])
    elif variables.is_uncalled:
        return  # nobody knows what it is called with, nor what that becomes
    else:
        found = _evaluated(words[1:], variables)
    variables.assign(ARGUMENTS, found, appends=False, is_array=True)


def set_options(words: tuple[RawWord, ...], variables: Variables) -> None:
    """``set -euo pipefail``, ``set +o nounset``: whether the script ends at a variable that nobody sets."""
    sign = "-"
    for word in words[1:]:
        if word.plain in {"--", "-"}:
            return  # what stands behind are arguments
        is_letters = word.plain[:1] in {"-", "+"}
        sign = word.plain[0] if is_letters else sign
        if "u" in word.plain if is_letters else word.plain == "nounset":
            variables.stops_at_unset = sign == "-"


def unset_named(words: tuple[RawWord, ...], names: set[str], variables: Variables) -> None:
    """What ``unset X $N`` names; names that nobody knows, ``${!SLURM_@}``, are taken to be no others."""
    if not all(word.plain for word in words[1:]):
        found = [word.value for raw in words[1:] for word in variables.expand(raw)]
        names = {one.partition("[")[0] for one in found if isinstance(one, str)}
    unset(names, variables)


def unset(names: Iterable[str], variables: Variables) -> None:
    """Have nothing set these names."""
    for name in names:
        variables.values.pop(name, None)


def _evaluated(words: tuple[RawWord, ...], variables: Variables) -> list[Word]:
    """The words behind ``set --`` in what ``eval`` makes of its own."""
    found = variables.expand(*words)
    if unknown := [word for word in found if isinstance(word.value, Unknown)]:
        return unknown
    line = " ".join(word.text for word in found)
    again = [one for one in tokens(line, variables.name) if isinstance(one, RawWord)]
    return variables.expand(*again[2:])
