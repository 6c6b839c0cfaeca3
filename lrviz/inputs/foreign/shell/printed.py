"""What some commands within a word print, ``$(dirname "$0")``: those of which only a run is not the judge."""

from __future__ import annotations

import re

from lrviz.inputs.foreign.shell.segments import Arithmetic, Text

_EXPR = re.compile(r"\$\(\s*expr((?:\s+(?:\d+|\$\{?\w+\}?|\\?[*+/%-]))+)\s*\)", re.ASCII)
"""Whole numbers and variables computed by ``expr``, which is arithmetic and nothing else."""
_WHERE = re.compile(r"(?:\$\(|`)\s*(?:which|command -v|type -[pP])\s+([\w./-]+)\s*[)`]")
"""Where a program is, which is that program."""
_HERE = r'dirname\s+(?:--\s+)?"?\$\{?(?:0|BASH_SOURCE(?:\[0\])?)\}?"?'
_FOLDER = re.compile(
    rf'(?:\$\(|`)\s*(?:{_HERE}|(?:cd\s+(?:--\s+)?"?\$\(\s*{_HERE}\s*\)"?(?:[^&]|&>)*&&\s*)?pwd(?:\s+-P)?)\s*[)`]'
)
"""The folder of the script, or that in which it runs, where files are looked for."""
_REMARK = re.compile(r"`\s*#[^`\n]*`")
"""A comment between options, which runs nothing and leaves nothing."""


def printed_by(written: str, *, quoted: bool) -> Text | Arithmetic | None:
    """What ``$(…)`` or what stands between backticks prints; None where only running it could tell."""
    if found := _EXPR.fullmatch(written):
        return Arithmetic(written, found[1].replace("\\*", "*"))
    if _FOLDER.fullmatch(written):
        return Text(".", quoted)
    if _REMARK.fullmatch(written):
        return Text("", quoted)
    program = _WHERE.fullmatch(written)
    return Text(program[1], quoted) if program else None
