"""What the words of a shell script are made of, before variables are put in."""

from __future__ import annotations

from typing import NamedTuple


class Text(NamedTuple):
    """Plain text; without quotes, it is split at blanks where it came out of a variable."""

    text: str
    quoted: bool


class Parameter(NamedTuple):
    """``$NAME``, ``${NAME[subscript]}`` or ``${NAME:-default}``; ``$@`` is all of what it names."""

    written: str
    name: str
    subscript: str
    operator: str
    default: tuple[Segment, ...]
    quoted: bool


class Arithmetic(NamedTuple):
    """``$((…))``."""

    written: str
    expression: str


class Alteration(NamedTuple):
    """``${NAME%.*}``: a value and what is done to it."""

    written: str
    name: str
    sign: str
    rest: str
    quoted: bool


class Number(NamedTuple):
    """``${#NAME[@]}``: how many words an array has."""

    written: str
    name: str


class Opaque(NamedTuple):
    """What only a shell could tell: ``$(…)``, ``${!NAME}``; ``names`` are variables it would be told by."""

    written: str
    names: tuple[str, ...] = ()


class Printed(NamedTuple):
    """What a program makes of its words alone: ``$(getopt -o ab: -- "$@")``, ``$(seq 0 $N)``."""

    written: str
    words: tuple[RawWord, ...]
    quoted: bool


Segment = Text | Parameter | Arithmetic | Alteration | Number | Opaque | Printed


class RawWord(NamedTuple):
    """A word before its variables are put in; ``array`` are those between the brackets of ``NAME=( … )``."""

    segments: tuple[Segment, ...]
    line: int
    array: tuple[RawWord, ...] | None = None

    @property
    def plain(self) -> str:
        """Its text, where it is nothing but text without quotes; else empty."""
        match self.segments:
            case (Text(text, False),) if self.array is None:
                return text
        return ""
