"""What some commands within a word print, ``$(dirname "$0")``: those of which only a run is not the judge."""

from __future__ import annotations

import posixpath
import re
from typing import NamedTuple

from lrviz.inputs.foreign.shell.segments import Arithmetic, Text

_EXPR = re.compile(r"\$\(\s*expr((?:\s+(?:\d+|\$\{?\w+\}?|\\?[*+/%-]))+)\s*\)", re.ASCII)
"""Whole numbers and variables computed by ``expr``, which is arithmetic and nothing else."""
_WHERE = re.compile(r"(?:\$\(|`)\s*(?:which|command -v|type -[pP])\s+([\w./-]+)\s*[)`]")
"""Where a program is, which is that program."""
_OWN = r'dirname\s+(?:--\s+)?"?\$\{?(0|BASH_SOURCE(?:\[0\])?)\}?"?'
_HERE = r"pwd(?:\s+-P)?\s*[)`]"
_RUN_FROM = re.compile(rf"(?:\$\(|`)\s*{_HERE}")
"""The folder in which a script runs, where files are looked for."""
_FOLDER = re.compile(rf"(?:\$\(|`)\s*{_OWN}\s*[)`]")
"""The folder of the script, as it is named where that is started."""
_WHOLE_FOLDER = re.compile(
    rf'(?:\$\(|`)\s*cd\s+(?:--\s+)?"?\$\(\s*{_OWN}\s*\)((?:/[\w.-]+)*/?)"?((?:[^&]|&(?=>)|(?<=>)&(?!>))*)&&\s*{_HERE}'
)
"""That folder, or one seen from it, from the root on, and what stands behind it."""
_SILENCED = re.compile(r"\s*(?:(?:\d?>|&>|\d>&)\s*[\w/]+\s*)*")
"""``>/dev/null 2>&1``, which leads nowhere else."""
_REMARK = re.compile(r"`\s*#[^`\n]*`")
"""A comment between options, which runs nothing and leaves nothing."""


class ScriptFolders(NamedTuple):
    """The folders of the script that is ``started``, and of the ``file`` that is read, as they are named.

    Nothing where that is not told: files are looked for beside the script then.
    """

    started: str = ""
    file: str = ""


UNTOLD = ScriptFolders()


def printed_by(written: str, folders: ScriptFolders = UNTOLD, *, quoted: bool) -> Text | Arithmetic | None:
    """What ``$(…)`` or what stands between backticks prints; None where only running it could tell."""
    if found := _EXPR.fullmatch(written):
        return Arithmetic(written, found[1].replace("\\*", "*"))
    if _RUN_FROM.fullmatch(written):
        return Text(".", quoted)
    if found := _FOLDER.fullmatch(written):
        return Text(_told(found[1], folders) or ".", quoted)
    if found := _WHOLE_FOLDER.fullmatch(written):
        return _whole_folder(_told(found[1], folders), found[2], found[3], quoted=quoted)
    if _REMARK.fullmatch(written):
        return Text("", quoted)
    program = _WHERE.fullmatch(written)
    return Text(program[1], quoted) if program else None


def _told(name: str, folders: ScriptFolders) -> str:
    return folders.started if name == "0" else folders.file


def _whole_folder(folder: str, within: str, behind: str, *, quoted: bool) -> Text | None:
    """``./DIR``, which means the same wherever the script goes; None where more is done than going there."""
    if not folder:
        return Text(".", quoted)
    if not _SILENCED.fullmatch(behind):
        return None
    named = posixpath.normpath(f"{folder}/{within}")
    return Text("." if named == "." else f"./{named}", quoted)
