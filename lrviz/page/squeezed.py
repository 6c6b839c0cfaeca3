"""The files of a page that are no Python: style and script."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_LINES = re.compile(r"^(?:\s*(?://.*|/\*.*\*/)\n|\s+)", re.MULTILINE)
"""Indentation, and lines of comment."""
_LITERAL = r'"[^"\n]*"|`[^`]*`'
_ENDS = re.compile(r"(?<=[;,{(])\n|\n(?=[})])")
"""Ends of line that end nothing else."""
_SPACES = {
    ".css": re.compile(rf"({_LITERAL})|[ ]*([>:{{}},;]+)[ ]*"),
    ".js": re.compile(rf"({_LITERAL})|[ ]*([=<>?:&|*{{}},;()\[\]]+)[ ]*|[ ]([-+/%])[ ](?![-+])"),
}
"""Spaces around a sign; a literal keeps its own."""


@cache
def source(name: str) -> str:
    """What of a file a browser needs: the rest is there for those who read the source."""
    file = _FOLDER / name
    text = _LINES.sub("", file.read_text(encoding="utf-8"))
    return _ENDS.sub("", _SPACES[file.suffix].sub(lambda found: "".join(filter(None, found.groups())), text))
