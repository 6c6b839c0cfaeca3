"""Text that is too long for its place: broken into lines, or without its middle."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class Break(NamedTuple):
    """Where a line may end: the pattern that is left out there, and what it stands for within a line."""

    split: str
    glue: str


WITHIN_NAME: Final = Break(r"(?<=[._])(?=[A-Za-z])|(?<=[a-z])(?=[A-Z])", "")
BEHIND_MARK: Final = Break(r"(?<=[,:;/])(?=\S)", "")
WORDS: Final = (Break(" ", " "), BEHIND_MARK, WITHIN_NAME)  # not at any run of spaces: two in a row are meant
TERMS: Final = (Break(" · ", " · "), Break(r" (?==)", " "), Break(r" (?=[(/×])", " "), *WORDS)
FOOT_TERMS: Final = (TERMS[0], Break(r"(?<=:) ", " "), *TERMS[1:])


def wrap(text: str, fits: Callable[[str], bool], breaks: Sequence[Break] = WORDS) -> list[str]:
    """Split so that every line fits: at breaks of the first kind, what is still too long at the next kinds.

    What is too long without any break is cut anywhere.
    """
    lines: list[str] = []
    split, glue = breaks[0]
    for part in re.split(split, text):
        for piece in _pieces(part, fits, breaks[1:]):
            if lines and fits(f"{lines[-1]}{glue}{piece}"):
                lines[-1] += f"{glue}{piece}"
            else:
                lines.append(piece)
    return [line.strip() for line in lines if line.strip()]


def _pieces(text: str, fits: Callable[[str], bool], breaks: Sequence[Break]) -> Iterator[str]:
    if breaks and not fits(text):
        yield from wrap(text, fits, breaks)
        return
    start = 0
    while not fits(text[start:]):
        end = start + max(_most(text[start:], _head, fits), 1)
        yield text[start:end]
        start = end
    yield text[start:]


def shorten(text: str, fits: Callable[[str], bool]) -> str:
    """Cut the middle out of a text too long, as names differ at both ends: ``torch.Mul…gamma=0.1``."""
    if fits(text):
        return text
    return _without_middle(text, _most(text, _without_middle, fits))


def shorten_apart(names: Sequence[str], fits: Callable[[str], bool]) -> list[str]:
    """Each shortened; of those that would look alike what tells them apart: ``…seed1…lr=0.1``."""
    short = {name: shorten(name, fits) for name in names}
    groups: dict[str, list[str]] = {}
    for name, text in short.items():
        groups.setdefault(text, []).append(name)
    for alike in groups.values():
        short |= {name: _parting(name, alike, fits) for name in alike if len(alike) > 1}
    return [short[name] for name in names]


def _parting(name: str, alike: Sequence[str], fits: Callable[[str], bool]) -> str:
    """The beginning of its pieces: a new one where others go on in another way."""
    places = sorted({_alike_until(name, other) for other in alike})
    *pieces, last = [name[start:end] for start, end in pairwise(places)] or [name]

    def parted(name: str, kept: int) -> str:
        heads = [piece if len(piece) <= kept else f"{piece[:kept]}…" for piece in pieces]
        end = last if len(last) <= kept else _without_middle(last, kept)
        return "".join(["…" if end != name else "", *heads, end])

    return parted(name, _most(name, parted, fits))


def _alike_until(one: str, other: str) -> int:
    """The place of the first letter that is another one."""
    letters = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in letters if a != b), min(len(one), len(other)))


def _head(text: str, kept: int) -> str:
    return text[:kept]


def _without_middle(text: str, kept: int) -> str:
    return f"{text[: kept - kept // 2]}…{text[len(text) - kept // 2 :]}"


def _most(text: str, cut: Callable[[str, int], str], fits: Callable[[str], bool]) -> int:
    """How many characters ``cut`` may keep of a text that does not fit as a whole."""
    return max(bisect_left(range(len(text)), 1, key=lambda kept: int(not fits(cut(text, kept)))) - 1, 0)
