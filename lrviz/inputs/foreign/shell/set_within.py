"""What words set while a shell puts their values in: ``${X:=1}``, ``$((X++))``, ``A[X++]=1``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shell.assignments import assignment, written
from lrviz.inputs.foreign.shell.segments import Arithmetic, Opaque, Parameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lrviz.inputs.foreign.shell.segments import RawWord, Segment

_IN_SUM = re.compile(r"([A-Za-z_]\w*)\s*(?:(?:<<|>>|[-+*/%&|^])?=(?!=)|\+\+|--)|(?:\+\+|--)\s*([A-Za-z_]\w*)")
_SUM_IN_BRACES = re.compile(r"\$\(\(.*?\)\)", re.DOTALL)
_DEFAULT_IN_BRACES = re.compile(r"\$\{([A-Za-z_]\w*):?=")


def set_within(words: Iterable[RawWord]) -> set[str]:
    """All names that they may set."""
    words = list(words)
    return {name for one in _segments(words) for name in _by_default(one)} | counted_within(words)


def counted_within(words: Iterable[RawWord]) -> set[str]:
    """Those that sums set, whose values are not followed."""
    words = list(words)
    keys = [found.subscript for one in _with_arrays(words) if (found := assignment(one)) and found.subscript]
    by_keys = {name for one in keys for name in set_by_sum(written(one))}
    return by_keys | {name for one in _segments(words) for name in _by_sums(one)}


def defaulted_within(words: Iterable[RawWord]) -> set[str]:
    """Those that ``${X:=1}`` sets once the words are made."""
    return {one.name for one in _segments(words) if isinstance(one, Parameter) and _by_default(one)}


def set_by_sum(expression: str) -> list[str]:
    """``X`` of ``X = 8``, ``X++`` and ``--X``."""
    return [before or behind for before, behind in _IN_SUM.findall(expression)]


def _with_arrays(words: Iterable[RawWord]) -> Iterator[RawWord]:
    for word in words:
        yield word
        yield from word.array or ()


def _segments(words: Iterable[RawWord]) -> Iterator[Segment]:
    """Those of words, and of the defaults within them."""
    rest = [one for word in _with_arrays(words) for one in word.segments]
    while rest:
        one = rest.pop()
        yield one
        rest += one.default if isinstance(one, Parameter) else ()


def _by_default(segment: Segment) -> list[str]:
    match segment:
        case Parameter(name=name, operator="=" | ":="):
            return [name]
        case Opaque(text) if text.startswith("${"):
            return _DEFAULT_IN_BRACES.findall(text)
    return []


def _by_sums(segment: Segment) -> list[str]:
    match segment:
        case Opaque(text) if text.startswith("(("):
            return set_by_sum(text)
        case Opaque(text) if text.startswith("${"):
            return [name for one in _SUM_IN_BRACES.findall(text) for name in set_by_sum(one)]
        case Arithmetic(expression=text) | Parameter(subscript=text):
            return set_by_sum(text)
    return []
