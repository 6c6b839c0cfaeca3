"""Text that a shell runs as a script where it stands: ``eval "LR=1e-4"``, ``trap "N=1" ERR``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.shell.assignments import written
from lrviz.inputs.foreign.shell.segments import Opaque
from lrviz.inputs.foreign.shell.statements import read_statements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.inputs.foreign.shell.segments import RawWord
    from lrviz.inputs.foreign.shell.shell_statement import Statement

READERS = frozenset(("source", "."))
STDIN = "/dev/stdin"
_LATE = frozenset(("EXIT", "0", "INT", "TERM", "HUP", "QUIT", "SIGINT", "SIGTERM", "SIGHUP"))
"""Signals that end a script."""
_TOOLS = re.compile(
    r"(?:\$\(|`)\s*\S*(?:conda|mamba|micromamba|pyenv|ssh-agent|dircolors|direnv|modulecmd|starship)\b"
)
"""Programs whose output sets up a shell, and nothing of a training."""


def evaluated(words: Sequence[RawWord]) -> str | None:
    """The text that a command has the shell run, as it stands there; None of every other command."""
    match words[0].plain:
        case "eval":
            return " ".join(written(word.segments) for word in words[1:])
        case "source" | "." if words[1:] and written(words[1].segments).startswith((STDIN, "<(")):
            return written((Opaque("$(<&0)"),))
        case "trap" if words[2:] and not {word.plain for word in words[2:]} <= _LATE:
            return written(words[1].segments)
    return None


def statements_in(text: str) -> list[Statement] | None:
    """The commands of such a text; none of one that a variable holds, None where it may be anything."""
    if text.startswith(("$(", "`")):
        return [] if is_of_tool(text) else None
    if text.startswith(("$", "-")):
        return []
    try:
        return read_statements(text, "eval")
    except ConfigError:
        return None


def is_of_tool(text: str) -> bool:
    """``$(conda shell.bash hook)``."""
    return _TOOLS.match(text) is not None
