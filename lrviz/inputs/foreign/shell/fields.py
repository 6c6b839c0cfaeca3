"""Values split into words, at blanks or at the letters of ``IFS``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.word import Part, Word, merge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BLANKS = " \t\n"


class Piece(NamedTuple):
    """Parts that came out of one place; ``splits`` where blanks in them divide words.

    What is unknown in them is in one word where that ``is_one``.
    """

    parts: tuple[Part, ...]
    line: int
    splits: bool = False
    is_one: bool = False

    @property
    def may_be_several(self) -> bool:
        """Whether nobody knows how many words it makes."""
        return Word(self.parts, is_one=self.is_one).may_be_several


def split_fields(pieces: list[Piece], separators: str | None) -> Iterator[Word]:
    """The words of one field."""
    parts: list[Part] | None = None
    line = 0
    is_one = not any(piece.may_be_several for piece in pieces)
    is_one = is_one and any(isinstance(part, Unknown) for piece in pieces for part in piece.parts)
    for piece in pieces:
        for n, text in enumerate(_between(piece, separators)):
            if n and parts is not None:
                yield Word(merge(parts), line, is_one)
                parts = None
            if text or not piece.splits:
                parts, line = (parts, line) if parts is not None else ([], piece.line)
                parts += text
    if parts is not None:
        yield Word(merge(parts), line, is_one)


def _between(piece: Piece, separators: str | None) -> list[tuple[Part, ...]]:
    """The parts between separators: blanks, or the letters of ``IFS``."""
    if not piece.splits or separators == "":
        return [piece.parts]
    between: list[list[Part]] = [[]]
    for part in piece.parts:
        first, *others = [part] if isinstance(part, Unknown) else _fields_of(part, separators)
        between[-1] += [first] if first else []
        between += [[text] if text else [] for text in others]
    return [tuple(parts) for parts in between]


def _fields_of(text: str, separators: str | None) -> list[Part]:
    """A text between separators; Unknown where nobody knows them, or two of them have nothing between."""
    if separators is None:
        return [text] if re.fullmatch(r"[\w.-]+", text) else [Unknown(text)]
    found = delimiter(separators).split(text)
    has_marks = bool(set(separators) - set(BLANKS))
    return [Unknown(text)] if has_marks and "" in found else list(found)


def delimiter(separators: str) -> re.Pattern[str]:
    """What stands between two fields: blanks, or one of the other letters with blanks around it."""
    blanks = "".join(one for one in separators if one in BLANKS)
    marks = re.escape("".join(one for one in separators if one not in BLANKS))
    white = f"[{blanks}]" if blanks else "(?!)"
    return re.compile(f"{white}*[{marks}]{white}*|{white}+" if marks else f"{white}+")


def joined(words: Sequence[Word], between: str = " ") -> tuple[Part, ...]:
    """The words as one text, with blanks between."""
    return merge(part for n, word in enumerate(words) for part in ((between,) * bool(n)) + word.parts)
