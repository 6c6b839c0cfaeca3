"""What ``read A B <<< "1 2"``, ``mapfile`` and ``printf -v`` set, where the text is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shell.assigned import letters_of
from lrviz.inputs.foreign.shell.assignments import written
from lrviz.inputs.foreign.shell.fields import BLANKS, delimiter
from lrviz.inputs.foreign.shell.printed_text import formatted
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.word import Word, merge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lrviz.inputs.foreign.shell.segments import RawWord
    from lrviz.inputs.foreign.shell.shell_variables import Variables

_LETTERS = frozenset("rad")
"""Options that are known: ``-r``, ``-a`` for an array, and ``-d ''`` for the whole text."""


def _read(words: Sequence[RawWord], stdin: RawWord | None, variables: Variables) -> bool:
    """Set the names to the fields of the first line, or of all; False where those cannot be known."""
    if stdin is None:
        return False
    letters = letters_of(words)
    named = [word for word in words[1:] if not word.plain.startswith("-")]
    is_whole = "d" in letters and bool(named) and not written(named[0].segments)
    names = [word.plain for word in named[is_whole:]]
    found, separators = variables.value(stdin), variables.separators
    if letters - _LETTERS or ("d" in letters) != is_whole or not all(names) or separators is None:
        return False
    if "r" not in letters and "\\" in found.text:
        return False
    if is_whole and len(names) == 1 and "a" not in letters and separators in {"", BLANKS}:
        made = _stripped(found) if separators else found._replace(parts=merge((*found.parts, "\n")))
        variables.assign(names[0], [made], appends=False, is_array=False)
        return True
    if isinstance(found.value, Unknown):
        return False
    line, is_array = found.text if is_whole else found.text.partition("\n")[0], "a" in letters
    fields = [Word.of(one, stdin.line) for one in _fields(line, separators, 0 if is_array else len(names))]
    for at, name in enumerate(names):
        value = fields if is_array else fields[at : at + 1] or [Word(())]
        variables.assign(name, value, appends=False, is_array=is_array)
    return True


def _map(words: Sequence[RawWord], stdin: RawWord | None, variables: Variables) -> bool:
    """Set the words of ``mapfile -t NAME`` to the lines; False where those cannot be known."""
    text = variables.value(stdin) if stdin else Word(())
    match [word.plain for word in words[1:]]:
        case ["-t", name] if name.isidentifier() and text.parts and not isinstance(text.value, Unknown):
            lines = [Word.of(one, words[0].line) for one in text.text.split("\n")]
            variables.assign(name, lines, appends=False, is_array=True)
            return True
    return False


def _print(words: Sequence[RawWord], _: RawWord | None, variables: Variables) -> bool:
    """Set NAME of ``printf -v NAME FORMAT WORD…``; False where the text cannot be known."""
    found = [word.value for word in variables.expand(*words[1:])]
    texts = [one for one in found if isinstance(one, str)]
    made = formatted(texts[2:]) if texts[:1] == ["-v"] and len(texts) == len(found) > 2 else None
    if made is None or not texts[1].isidentifier():
        return False
    variables.assign(texts[1], [Word.of(made, words[0].line)], appends=False, is_array=False)
    return True


def _stripped(word: Word) -> Word:
    """Without the blanks around it."""
    last = len(word.parts) - 1
    parts = (one.lstrip() if isinstance(one, str) and not at else one for at, one in enumerate(word.parts))
    ends = (one.rstrip() if isinstance(one, str) and at == last else one for at, one in enumerate(parts))
    return word._replace(parts=merge(ends))


def _fields(line: str, separators: str, most: int) -> list[str]:
    """The fields; where there are more than names, the last has the rest."""
    line = line.strip("".join(one for one in separators if one in BLANKS))
    if not (line and separators):
        return [line] if line else []
    between = delimiter(separators)
    ends = [one.start() for one in between.finditer(line) if one.end() == len(line)]
    found = between.split(line[: ends[0]] if ends else line)
    if not 0 < most < len(found):
        return found
    return between.split(line, most - 1) if most > 1 else [line]


SETTERS: Mapping[str, Callable[[Sequence[RawWord], RawWord | None, Variables], bool]] = {
    "read": _read,
    "mapfile": _map,
    "readarray": _map,
    "printf": _print,
}
"""What they do with the text that they are handed; False where that cannot be known."""
