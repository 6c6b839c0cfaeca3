"""Scripts of Windows' shells, which are told apart and not read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.words import WINDOWS

if TYPE_CHECKING:
    from collections.abc import Mapping

_MARKS: Mapping[str, re.Pattern[str]] = {
    "cmd": re.compile(r"(?i)^\s*@?echo off|^\s*@?set\s+\"?[a-z_]\w*=|^\s*@?rem\s|\s\^\s*$"),
    "PowerShell": re.compile(r"\$env:\w|^[^`]*\s`\s*$"),
}


def check_shell(text: str, name: str) -> None:
    """Refuse a line that only cmd or PowerShell reads as it is meant.

    Raises:
        ConfigError: there is one.

    """
    of_name = next((shell for suffix, shell in WINDOWS.items() if name.lower().endswith(suffix)), "")
    for number, line in enumerate(text.splitlines(), 1):
        shell = of_name or next((shell for shell, mark in _MARKS.items() if mark.search(line)), "")
        if shell:
            raise ConfigError(
                f"{name}:{number}: a line of {shell}, and scripts are read as bash does",
                hint="write its command in one line, with the values of its variables, behind --",
            )
