"""The files of a page that are no Python: style and script."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_LEFT_OUT = re.compile(r"^(?:\s*(?://.*|/\*.*\*/)\n|\s+)", re.MULTILINE)
"""What only a reader of the source needs: indentation and lines of comment."""


@cache
def source(name: str) -> str:
    """What of a file a browser needs."""
    return _LEFT_OUT.sub("", (_FOLDER / name).read_text(encoding="utf-8"))
