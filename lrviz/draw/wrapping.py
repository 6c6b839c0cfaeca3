"""Text that is too long for its place: broken into lines, or without its middle."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class Break(NamedTuple):
    """Where a line may end: the pattern that is left out there, and what it stands for within a line."""

    split: str
    glue: str


WITHIN_NAME: Final = Break(r"(?<=[._])(?=[A-Za-z])|(?<=[a-z])(?=[A-Z])", "")
WORDS: Final = (Break(" ", " "), WITHIN_NAME)  # not at any run of spaces: two in a row are meant
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


def _head(text: str, kept: int) -> str:
    return text[:kept]


def _without_middle(text: str, kept: int) -> str:
    return f"{text[: kept - kept // 2]}…{text[len(text) - kept // 2 :]}"


def _most(text: str, cut: Callable[[str, int], str], fits: Callable[[str], bool]) -> int:
    """Return how many characters ``cut`` may keep of a text that does not fit as a whole."""
    return max(bisect_left(range(len(text)), 1, key=lambda kept: int(not fits(cut(text, kept)))) - 1, 0)
