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
    lines = text.splitlines()
    heads = [(at, found) for at, line in enumerate(lines) if (found := _HEAD.fullmatch(line))]
    blocks = {found["name"]: _block(lines[at + 1 :], len(found["space"])) for at, found in heads}
    return {name: block for name, block in blocks.items() if block}


def _block(lines: list[str], indent: int) -> str:
    """The lines of comment that are further in than the name above them."""
    found = []
    for line in lines:
        inside = line[1:]
        if not line.startswith("#") or (inside.strip() and not inside.startswith(" " * (indent + 1))):
            break
        found.append(inside)
    return textwrap.dedent("\n".join(found))
