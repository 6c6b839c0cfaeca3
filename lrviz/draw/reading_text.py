"""What a trainer makes of its own file, as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.draw.origin_table import origins_table
from lrviz.draw.table import plain_table
from lrviz.notation.numbers import counted
from lrviz.notation.rendering import render
from lrviz.notation.shell import shell_word
from lrviz.notation.text import few

if TYPE_CHECKING:
    from lrviz.resolve.file_reading import Reading

UNUSED = 200
"""Keys that are listed as not used; more are counted."""


def reading_lines(reading: Reading, *, verbose: bool) -> list[str]:
    """Whose file it is; its settings and who says each; the derivation; the same in lrviz's words."""
    rows = [(line.label, line.formula, f"= {line.value}") for line in reading.lines]
    steps = plain_table(("derived", "", ""), rows, ("left", "left", "left"), width=None) if rows else []
    files = [f"read: {', '.join(reading.files)}"] if len(reading.files) > 1 else []
    return [
        reading.trainer,
        *files,
        "",
        *origins_table(reading.settings),
        "",
        *steps,
        *_unused(reading, verbose=verbose),
        f"the same: lrviz show {shell_word(render(reading.spec))}",
    ]


def _unused(reading: Reading, *, verbose: bool) -> list[str]:
    if not reading.unused:
        return [""]
    names = (
        few(reading.unused, UNUSED) if verbose else f"{counted(len(reading.unused), 'key')} (-v lists them)"
    )
    return ["", f"not used, nor checked: {names}"]
