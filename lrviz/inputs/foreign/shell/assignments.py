"""``NAME=value``, ``NAME+=value`` and ``NAME[1]=value``: which name is set, and to what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.shell.segments import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lrviz.inputs.foreign.shell.segments import RawWord, Segment

_NAME = re.compile(r"([A-Za-z_]\w*)(?:(\+?)=|\[)")
_CLOSED = re.compile(r"\](\+?)=")


class Assignment(NamedTuple):
    """The name, what stands between its brackets, and the value, as they stand there."""

    name: str
    subscript: tuple[Segment, ...] | None
    appends: bool
    value: tuple[Segment, ...]


def assignment(word: RawWord, *, in_quotes: bool = False) -> Assignment | None:
    """What a word sets, where it begins with a name without quotes; ``export "NAME=1"`` takes them too."""
    match word.segments:
        case (Text(text, quoted) as first, *others) if in_quotes or not quoted:
            found = _NAME.match(text)
        case _:
            return None
    if found is None:
        return None
    rest = (first._replace(text=text[found.end() :]), *others)
    if found[2] is not None:
        return Assignment(found[1], None, bool(found[2]), rest)
    return _of_element(found[1], rest, in_quotes=in_quotes)


def _of_element(name: str, rest: tuple[Segment, ...], *, in_quotes: bool) -> Assignment | None:
    for at, one in enumerate(rest):
        closed = _CLOSED.search(_text(one)) if _is_text(one, in_quotes=in_quotes) else None
        if closed:
            text = _text(one)
            subscript = (*rest[:at], Text(text[: closed.start()], quoted=False))
            value = (Text(text[closed.end() :], quoted=False), *rest[at + 1 :])
            return Assignment(name, subscript, bool(closed[1]), value)
    return None


def written(segments: Iterable[Segment]) -> str:
    """What stands there, without quotes."""
    return "".join(one.text if isinstance(one, Text) else one.written for one in segments)


def _is_text(segment: Segment, *, in_quotes: bool) -> bool:
    return isinstance(segment, Text) and (in_quotes or not segment.quoted)


def _text(segment: Segment) -> str:
    return segment.text if isinstance(segment, Text) else ""
