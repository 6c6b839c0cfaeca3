"""What ``sed`` makes of a text, where its script is plain: ``s/a/b/g``, ``/a/d``; nothing is run.

Source: the manual of GNU sed 4.9.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.shell.basic_regex import python_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOST_WORK = 10**8
"""How much a pattern may have to try in a text."""
_FLAGS = re.compile(r"[ \t]*(g|[1-9]\d?)?([iI]?)(?:(?<=[iI])g)?[ \t]*(?=[;\n}]|\Z)")
_ESCAPED = {"n": "\n", "t": "\t"}
_LETTERS = {"E": "E", "r": "E", "e": "e", "i": "i"}
_LONG = {"regexp-extended": "E", "expression": "e", "in-place": "i"}


class Edit(NamedTuple):
    """``s/pattern/new/which`` in the lines that ``at`` fits, all of a line where ``which`` is 0.

    Numbers in ``new`` are groups of the pattern; without a pattern the line is left out.
    """

    at: re.Pattern[str] | int | None
    pattern: re.Pattern[str] | None = None
    new: tuple[str | int, ...] = ()
    which: int = 1

    def fits(self, line: str, number: int) -> bool:
        """Whether it is one of its lines."""
        if isinstance(self.at, int):
            return self.at == number
        return self.at is None or self.at.search(line) is not None

    def edited(self, line: str) -> str | None:
        """The line as it is then."""
        if self.pattern is None:
            return None
        made, behind = "", 0
        for number, found in enumerate(self.pattern.finditer(line), 1):
            if self.which in {0, number}:
                new = "".join(found[one] if isinstance(one, int) else one for one in self.new)
                made, behind = f"{made}{line[behind : found.start()]}{new}", found.end()
        return made + line[behind:]


class Sed(NamedTuple):
    """A command: its edits, and the files that it reads; with ``in_place`` those are what it changes."""

    edits: tuple[Edit, ...]
    files: tuple[str, ...]
    in_place: bool

    def edited(self, text: str) -> str | None:
        """The text as it is then; None where that takes too long."""
        lines = text.split("\n")
        patterns = [
            one for edit in self.edits for one in (edit.at, edit.pattern) if isinstance(one, re.Pattern)
        ]
        work = sum((len(line) + 1) ** (1 + _stars(one)) for line in lines for one in patterns)
        if work > _MOST_WORK:
            return None
        end = [lines.pop()] if lines[-1] == "" else []
        made = (self._line(line, number) for number, line in enumerate(lines, 1))
        return "\n".join([*(line for line in made if line is not None), *end])

    def _line(self, line: str, number: int) -> str | None:
        for edit in self.edits:
            if edit.fits(line, number):
                made = edit.edited(line)
                if made is None:
                    return None
                line = made
        return line


def _stars(pattern: re.Pattern[str]) -> int:
    return len(re.findall(r"[*+{?]", pattern.pattern))


def read_sed(words: Sequence[str]) -> Sed | None:
    """A command by the words behind its name; None where it is of no plain kind."""
    scripts: list[str] = []
    said: set[str] = set()
    rest: list[str] = []
    left = list(words)
    while left:
        word = left.pop(0)
        letters = _letters(word)
        if letters is None:
            return None
        said |= {*letters}
        if word.startswith("-") and "e" in letters:
            _, equals, value = word.partition("=")
            scripts += [value] if equals else left[:1]
            left = left if equals else left[1:]
        elif not letters:
            rest.append(word)
    if not scripts:
        scripts, rest = rest[:1], rest[1:]
    edits = list(_edits("\n".join(scripts), is_extended="E" in said))
    known = tuple(one for one in edits if one is not None)
    return Sed(known, tuple(rest), "i" in said) if known and len(known) == len(edits) else None


def _letters(word: str) -> str | None:
    """The options that a word says, each by a letter; None where one of them is not read."""
    if word.startswith("--"):
        return _LONG.get(word[2:].partition("=")[0])
    if not word.startswith("-") or word == "-":
        return ""
    before, in_place, suffix = word[1:].partition("i")
    is_read = set(before) <= _LETTERS.keys() and "e" not in before[:-1] and not (in_place and "e" in before)
    return "".join(_LETTERS[one] for one in before) + in_place if is_read and "/" not in suffix else None


def _edits(script: str, *, is_extended: bool) -> Iterator[Edit | None]:
    at = 0
    while at < len(script):
        if script[at] in " \t\n;":
            at += 1
            continue
        edit, at = _edit(script, at, is_extended=is_extended)
        yield edit
        if edit is None:
            return


def _edit(script: str, at: int, *, is_extended: bool) -> tuple[Edit | None, int]:
    """The command that begins at a place, and where it ends."""
    where: re.Pattern[str] | int | None = None
    if script[at] == "/":
        fields, at = _fields(script, at, 1)
        where = python_pattern(fields[0], "/", is_extended=is_extended) if fields else None
        if where is None:
            return None, at
    elif number := re.compile(r"[1-9]\d{0,6}").match(script, at):
        where, at = int(number[0]), number.end()
    if left_out := re.compile(r"[ \t]*d[ \t]*(?=[;\n]|\Z)").match(script, at):
        return Edit(where), left_out.end()
    if script[at : at + 1] != "s" or script[at + 1 : at + 2] in {"", "\n", "\\"}:
        return None, at
    delimiter = script[at + 1]
    fields, at = _fields(script, at + 1, 2)
    flags = _FLAGS.match(script, at) if fields else None
    if flags is None:
        return None, at
    pattern = python_pattern(fields[0], delimiter, is_extended=is_extended, ignores_case=bool(flags[2]))
    new = _replacement(fields[1], delimiter, pattern.groups) if pattern else None
    which = 0 if "g" in flags[0] else int(flags[1] or 1)
    if pattern is None or new is None or (which != 1 and _may_be_empty(pattern)):
        return None, at  # of parts that are empty it counts others than Python
    return Edit(where, pattern, new, which), flags.end()


def _may_be_empty(pattern: re.Pattern[str]) -> bool:
    return "\\b" in pattern.pattern.lower() or pattern.fullmatch("") is not None


def _fields(script: str, at: int, number: int) -> tuple[list[str], int]:
    """What stands between so many delimiters, and where that ends; nothing where one is missing."""
    delimiter, fields = script[at], []
    at += 1
    for _ in range(number):
        found = re.compile(rf"(?:\\.|[^\\{re.escape(delimiter)}])*", re.DOTALL).match(script, at)
        end = found.end() if found else at
        if script[end : end + 1] != delimiter:
            return [], end
        fields.append(script[at:end])
        at = end + 1
    return fields, at


def _replacement(text: str, delimiter: str, groups: int) -> tuple[str | int, ...] | None:
    r"""``\1`` as a number, ``&`` as 0; None of ``\U``."""
    parts: list[str | int] = []
    for found in re.finditer(r"\\(.)|(&)|([^\\&]+)", text, re.DOTALL):
        letter = found[1] or ""
        if found[2]:
            parts.append(0)
        elif letter.isdigit():
            if int(letter) > groups:
                return None
            parts.append(int(letter))
        elif letter.isalpha() and letter != delimiter and letter not in _ESCAPED:
            return None
        else:
            parts.append(_ESCAPED.get(letter, letter) or found[3])
    return tuple(parts)
