"""The files of a page that are no Python: style and script."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_LINES = re.compile(r"^(?:\s*(?://.*|/\*.*\*/)\n|\s+)", re.MULTILINE)
"""Indentation, and lines of comment."""
_LITERAL = r'"[^"\n]*"|`[^`]*`'
_ENDS = re.compile(r"(?<=[;,{}(])\n|\n(?=[})?:.])")
"""Ends of line that end nothing else."""
_LAST = re.compile(rf"({_LITERAL})|;(?=}})")
"""The last semicolon of a block."""
_SPACES = {
    "css": re.compile(rf"({_LITERAL})|[ ]*([>:{{}},;]+)[ ]*"),
    "js": re.compile(
        rf"({_LITERAL})|[ ]*([=<>?:&|*{{}},;()\[\]]+)[ ]*|[ ]?([-+/%])[ ](?![-+])|(?<=return)[ ](?=[\"`])"
    ),
}
"""Spaces around a sign; a literal keeps its own."""


@cache
def source(name: str) -> str:
    """A file as it is read."""
    return (_FOLDER / name).read_text(encoding="utf-8")


@cache
def squeezed(text: str, kind: str) -> str:
    """What of a style or script a browser needs: the rest is there for those who read the source."""
    text = _LINES.sub("", text)
    for pattern in (_SPACES[kind], _ENDS, _LAST):
        text = pattern.sub(lambda found: "".join(filter(None, found.groups())), text)
    return text
