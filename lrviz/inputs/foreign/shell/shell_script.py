"""What a shell script says beside the command that trains."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.written import Written


@dataclass(frozen=True)
class ShellScript:
    """What the script of a command says beside it; nothing where there is none."""

    quoted: Mapping[str, str] = field(default_factory=dict)  # files in its comments, by their names
    written: Mapping[str, Written] = field(default_factory=dict)  # files that it writes, by their paths
    called_in: tuple[int, ...] = ()  # lines in which the functions are called that the command stands in
    conditions: Mapping[str, str] = field(default_factory=dict)  # that nobody can tell, by name
    passed_over: str = ""  # a file that it reads, and that is not followed
