"""Braces in a word, ``{1,2}`` and ``{0..3}``, which a shell makes several words of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.shell.assignments import written
from lrviz.inputs.foreign.shell.segments import Opaque, Text

if TYPE_CHECKING:
    from lrviz.inputs.foreign.shell.segments import RawWord, Segment

_GROUP = re.compile(r"\{(?:([^{}\s]*,[^{}\s]*)|(\d{1,3})\.\.(\d{1,3})|[^{}\s,]+\.\.[^{}\s,]+)\}")
_MOST = 3
"""How many groups a word may have before nobody reads it."""


def alternatives(raw: RawWord, depth: int = 0) -> list[RawWord]:
    """The words that a word stands for; one of other ranges, ``{a..f}`` or ``{000..099}``, is unknown."""
    for at, segment in enumerate(raw.segments):
        found = _GROUP.search(segment.text) if isinstance(segment, Text) and not segment.quoted else None
        if found is None or not isinstance(segment, Text):
            continue
        before, after = (
            Text(part, quoted=False) for part in (segment.text[: found.start()], segment.text[found.end() :])
        )
        texts = _texts(found) if depth < _MOST else []
        made: list[Segment] = [Text(text, quoted=False) for text in texts]
        made += [] if texts else [Opaque(found[0])]
        words = [
            raw._replace(segments=(*raw.segments[:at], before, one, after, *raw.segments[at + 1 :]))
            for one in made
        ]
        return [word for one in words for word in alternatives(one, depth + 1)] if texts else words
    return [raw._replace(segments=(Opaque(written(raw.segments)),))] if _is_around(raw) else [raw]


def _is_around(raw: RawWord) -> bool:
    """Whether braces have variables between them, ``{$A,2}``."""
    shown = "".join(one.text if isinstance(one, Text) and not one.quoted else "$" for one in raw.segments)
    found = _GROUP.search(shown)
    return found is not None and "$" in found[0]


def _texts(group: re.Match[str]) -> list[str]:
    listed, first, last = group.groups()
    if listed is not None:
        return listed.split(",")
    is_padded = first is None or any(len(one) > 1 and one.startswith("0") for one in (first, last))
    if is_padded:
        return []
    step = 1 if int(first) <= int(last) else -1
    return [str(number) for number in range(int(first), int(last) + step, step)]
