"""The files of a page that are no Python: style and script."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_LINES = re.compile(r"^(?:\s*(?://.*|/\*.*\*/)\n|\s+)", re.MULTILINE)
"""Indentation, and lines of comment."""
_LITERAL = r'"[^"\n]*"|`[^`]*`'
_SPACES = re.compile(rf"({_LITERAL})|[ ]*([=<>?:&|*{{}},;]+)[ ]*")
"""Spaces around a sign; a literal keeps its own."""


@cache
def source(name: str) -> str:
    """What of a file a browser needs: the rest is there for those who read the source."""
    text = _LINES.sub("", (_FOLDER / name).read_text(encoding="utf-8"))
    return _SPACES.sub(lambda found: found[1] or found[2], text)
