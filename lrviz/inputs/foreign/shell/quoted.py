"""Files that a script quotes in its comments: ``# config/wiki.py:``, and the lines of it further in."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEAD = re.compile(r"#(?P<space>\s*)(?P<name>[\w./-]+\.\w+):\s*")


def quoted_files(text: str) -> Mapping[str, str]:
    """The files that comments of a script quote, by the name they are given there."""
    blocks: dict[str, list[str]] = {}
    block: list[str] | None = None
    indent = 0
    for line in text.splitlines():
        if block is not None and _is_inside(line, indent):
            block.append(line[1:])
        elif found := _HEAD.fullmatch(line):
            block, indent = blocks.setdefault(found["name"], []), len(found["space"])
            block.clear()
        else:
            block = None
    return {name: textwrap.dedent("\n".join(lines)) for name, lines in blocks.items() if any(lines)}


def _is_inside(line: str, indent: int) -> bool:
    """Whether a line is a comment further in than the name above it."""
    inside = line[1:]
    return line.startswith("#") and (not inside.strip() or inside.startswith(" " * (indent + 1)))
