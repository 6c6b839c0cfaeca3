"""What ``read A B <<< "1 2"`` sets, where the text is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shell.assigned import after_assignments
from lrviz.inputs.foreign.source import Unknown, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.inputs.foreign.shell.segments import RawWord
    from lrviz.inputs.foreign.shell.shell_variables import Variables

_SEPARATOR = "IFS"
_LETTERS = frozenset("ra")
"""Options that are known: ``-r``, and ``-a`` for an array."""


def run_read(words: Sequence[RawWord], stdin: RawWord, variables: Variables) -> bool:
    """Set the names to the fields of the first line; False where those cannot be known."""
    _, *rest = after_assignments(words)
    letters = {letter for word in rest if word.plain.startswith("-") for letter in word.plain[1:]}
    names = [word.plain for word in rest if not word.plain.startswith("-")]
    found, separator = variables.value(stdin), _separator(words, variables)
    if letters - _LETTERS or not all(names) or isinstance(found.value, Unknown) or separator is None:
        return False
    line, is_array = found.text.partition("\n")[0], "a" in letters
    fields = _fields(line, separator, None if is_array else len(names))
    made = [Word.of(one, stdin.line) for one in fields]
    for at, name in enumerate(names):
        variables.assign(name, made if is_array else made[at : at + 1], appends=False, is_array=is_array)
    return True


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
