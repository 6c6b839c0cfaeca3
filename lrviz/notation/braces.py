"""Several values in one word, as the shell's own braces have them: ``cosine:warmup={0,100},lr={1e-4,3e-4}``.

::

    {a,b,c}       each of them; braces may stand within braces
    {1..9..2}     1, 3, 5, 7, 9; {01..10} keeps two digits, {a..c} counts letters
    anything else in braces is the text it is, and so is ``${…}`` and what stands in quotes or holds a blank

The words come in the order of bash: the last braces change first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Final, TypeAlias

from lrviz.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_WORDS: Final = 1_000
"""More curves than these are no comparison."""

_RANGE = re.compile(
    r"(?:(-?\d{1,18})\.\.(-?\d{1,18})|([a-zA-Z])\.\.([a-zA-Z]))(?:\.\.(-?\d{1,18}))?", re.ASCII
)
_QUOTED = re.compile(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'""", re.DOTALL)
_HINT = f"at most {MOST_WORDS} at once: name fewer values"


@dataclass(frozen=True)
class _Span:
    """A range of numbers or letters: counted before it is written out."""

    values: range
    width: int = 0
    letters: bool = False

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> Iterator[str]:
        return (chr(n) if self.letters else f"{n:0{self.width}d}" for n in self.values)


_Part: TypeAlias = "str | _Span | tuple[tuple[_Part, ...], ...]"


def expand(word: str) -> list[str]:
    """Every word that one with braces stands for, itself where it has none.

    Raises:
        SpecError: they are more than ``MOST_WORDS``.

    """
    if "{" not in word or any(blank in _QUOTED.sub("", word) for blank in " \t\n"):
        return [word]
    parts = _parts(word, 0, len(word), _partners(word))
    if _count(parts) > MOST_WORDS:
        raise SpecError(f"the braces stand for {_count(parts)} schedules", hint=_HINT)
    return list(_texts(parts))


def _partners(word: str) -> dict[int, int]:
    """Where the brace that opens at each place closes; one in quotes, behind ``$`` or left open does not."""
    quoted = [found.span() for found in _QUOTED.finditer(word)]
    opened: list[int] = []
    closes = {}
    for place, symbol in enumerate(word):
        if any(start <= place < end for start, end in quoted):
            continue
        if symbol == "{":
            opened.append(place)
        elif symbol == "}" and opened:
            closes[opened.pop()] = place
    return {start: end for start, end in closes.items() if word[start - 1 : start] != "$"}


def _parts(word: str, start: int, stop: int, closes: dict[int, int]) -> tuple[_Part, ...]:
    """A stretch of the word as texts and what has several values, in turn."""
    found: list[_Part] = []
    text = place = start
    while place < stop:
        end = closes.get(place, stop)
        choices = _choices(word, place + 1, end, closes) if end < stop else None
        if choices is not None:
            found += [word[text:place], choices]
            text = place = end + 1
        else:
            place += 1
    return (*found, word[text:stop])


def _choices(word: str, start: int, stop: int, closes: dict[int, int]) -> _Part | None:
    """What stands between two braces, if it is a range or a list."""
    span = _RANGE.fullmatch(word, start, stop)
    if span:
        return _span(span)
    cuts = [*_commas(word, start, stop, closes), stop]
    starts = [start, *(cut + 1 for cut in cuts)]
    return tuple(_parts(word, a, b, closes) for a, b in zip(starts, cuts, strict=False)) if cuts[1:] else None


def _commas(word: str, start: int, stop: int, closes: dict[int, int]) -> Iterator[int]:
    """The commas that stand in no inner braces and no quotes."""
    place = start
    while place < stop:
        quoted = _QUOTED.match(word, place, stop)
        if quoted or place in closes:
            place = quoted.end() if quoted else closes[place]
        elif word[place] == ",":
            yield place
        place += not quoted


def _span(found: re.Match[str]) -> _Span:
    first, last, letter, other, step = found.groups()
    ends = (ord(letter), ord(other)) if letter else (int(first), int(last))
    by = abs(int(step or 1)) or 1
    padded = not letter and any(re.match(r"-?0\d", end) for end in (first, last))
    width = max(len(first), len(last)) if padded else 0
    values = range(ends[0], ends[1] + 1, by) if ends[0] <= ends[1] else range(ends[0], ends[1] - 1, -by)
    return _Span(values, width, bool(letter))


def _count(parts: Sequence[_Part]) -> int:
    return prod(sum(map(_count, part)) if isinstance(part, tuple) else _width(part) for part in parts)


def _width(part: str | _Span) -> int:
    return 1 if isinstance(part, str) else len(part.values)


def _texts(parts: Sequence[_Part]) -> Iterator[str]:
    return map("".join, product(*map(_values, parts)))


def _values(part: _Part) -> list[str]:
    if isinstance(part, str):
        return [part]
    if isinstance(part, _Span):
        return list(part)
    return [text for choice in part for text in _texts(choice)]
