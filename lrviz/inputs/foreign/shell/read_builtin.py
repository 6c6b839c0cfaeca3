"""What ``read A B <<< "1 2"`` sets, where the text is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shell.assigned import after_assignments
from lrviz.inputs.foreign.shell.assignments import written
from lrviz.inputs.foreign.source import Unknown, Word, merge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.inputs.foreign.shell.segments import RawWord
    from lrviz.inputs.foreign.shell.shell_variables import Variables

_SEPARATOR = "IFS"
_LETTERS = frozenset("rad")
"""Options that are known: ``-r``, ``-a`` for an array, and ``-d ''`` for the whole text."""


def run_read(words: Sequence[RawWord], stdin: RawWord, variables: Variables) -> bool:
    """Set the names to the fields of the first line, or of all; False where those cannot be known."""
    _, *rest = after_assignments(words)
    letters = {letter for word in rest if word.plain.startswith("-") for letter in word.plain[1:]}
    named = [word for word in rest if not word.plain.startswith("-")]
    is_whole = "d" in letters and bool(named) and not written(named[0].segments)
    names = [word.plain for word in named[is_whole:]]
    found, separator = variables.value(stdin), _separator(words, variables)
    if letters - _LETTERS or ("d" in letters) != is_whole or not all(names) or separator is None:
        return False
    if "r" not in letters and "\\" in found.text:
        return False
    if is_whole and len(names) == 1 and "a" not in letters and not separator:
        variables.assign(names[0], [_stripped(found)], appends=False, is_array=False)
        return True
    if isinstance(found.value, Unknown):
        return False
    line, is_array = found.text if is_whole else found.text.partition("\n")[0], "a" in letters
    fields = _fields(line, separator, None if is_array else len(names))
    made = [Word.of(one, stdin.line) for one in fields]
    for at, name in enumerate(names):
        variables.assign(name, made if is_array else made[at : at + 1], appends=False, is_array=is_array)
    return True


def _stripped(word: Word) -> Word:
    """Without the blanks around it."""
    last = len(word.parts) - 1
    parts = (one.lstrip() if isinstance(one, str) and not at else one for at, one in enumerate(word.parts))
    ends = (one.rstrip() if isinstance(one, str) and at == last else one for at, one in enumerate(parts))
    return word._replace(parts=merge(ends))


def _separator(words: Sequence[RawWord], variables: Variables) -> str | None:
    """What ``IFS=`` in front of it says, or a line above: nothing for blanks; None where that is unknown."""
    before = words[: len(words) - len(after_assignments(words))]
    said = [variables.value(word).text.partition("=") for word in before]
    found = [value for name, _, value in said if name == _SEPARATOR]
    set_above = [word.text for word in variables.values.get(_SEPARATOR, ())]
    (separator,) = (found or set_above or [""])[-1:]
    return separator if len(separator) <= 1 else None


def _fields(line: str, separator: str, most: int | None) -> list[str]:
    """The fields, the last of which has the rest; names beyond them are empty."""
    found = line.strip().split(separator or None, -1 if most is None else most - 1)
    return [one.strip() if not separator else one for one in found] + [""] * ((most or 0) - len(found))
