"""What ``${X%.*}``, ``${X##*/}``, ``${X/a/b}``, ``${X:0:3}`` and ``${X,,}`` make of a value, as bash does."""

from __future__ import annotations

import fnmatch
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ALTERED = re.compile(
    r"\$\{([A-Za-z_]\w*|[1-9]\d?)(%%?|##?|//?|:(?=\d)|,,?|\^\^?)([^${}()`'\"\\&~|]*)\}", re.ASCII
)
"""A value and what is done to it, where that is plain text: quotes or variables in it are not read."""
_SLICE = re.compile(r"(\d{1,6})(?::(\d{1,6}))?")
_MOST_STARS = 4
_LONGEST = 200
"""A pattern is tried at every part of a text."""


@lru_cache(maxsize=64)
def pattern_of(text: str) -> re.Pattern[str] | None:
    """A pattern of ``*``, ``?`` and ``[abc]``; None of what depends on the language, or is too much."""
    sets = re.findall(r"\[[^]]*\]?", text)
    if text.count("*") > _MOST_STARS or any(not re.fullmatch(r"\[!?(?:\d-\d|\w)+\]", one) for one in sets):
        return None
    return re.compile(fnmatch.translate(text), re.DOTALL)


def altered(value: str, sign: str, rest: str) -> str | None:
    """The value after it; None where only a shell could tell."""
    if len(value) > _LONGEST:
        return None
    if sign == ":":
        found = _SLICE.fullmatch(rest)
        return None if not found else value[int(found[1]) :][: int(found[2]) if found[2] else None]
    if sign in _CASES:
        return None if rest or not value.isascii() else _CASES[sign](value)
    wanted, _, new = rest.partition("/") if sign in {"/", "//"} else (rest, "", "")
    pattern = pattern_of(wanted)
    if pattern is None:
        return None
    if sign not in {"/", "//"}:
        return _cut(value, pattern, sign)
    is_plain = wanted[:1] not in {"#", "%", ""} and not pattern.fullmatch("")
    return _replaced(value, pattern, new, every=sign == "//") if is_plain else None


_CASES: Mapping[str, Callable[[str], str]] = {
    ",,": str.lower,
    "^^": str.upper,
    ",": lambda text: text[:1].lower() + text[1:],
    "^": lambda text: text[:1].upper() + text[1:],
}


def _cut(value: str, pattern: re.Pattern[str], sign: str) -> str:
    """Without the shortest beginning or end that fits, or the longest where the sign is doubled."""
    is_end = sign[0] == "%"
    lengths = range(len(value) + 1)
    for length in reversed(lengths) if sign[1:] else lengths:
        part = value[len(value) - length :] if is_end else value[:length]
        if pattern.fullmatch(part):
            return value[: len(value) - length] if is_end else value[length:]
    return value


def _replaced(value: str, pattern: re.Pattern[str], new: str, *, every: bool) -> str:
    """With the first, or each, longest part that fits replaced."""
    made, at = "", 0
    while at < len(value):
        ends = (end for end in range(len(value), at, -1) if pattern.fullmatch(value, at, end))
        end = next(ends, None)
        if end is None:
            made, at = made + value[at], at + 1
        else:
            made, at = made + new, end
            if not every:
                break
    return made + value[at:]
