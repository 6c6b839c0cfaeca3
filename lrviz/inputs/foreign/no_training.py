"""The ways in which a trainer's command or file trains nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lrviz.inputs.foreign.setting import Setting
    from lrviz.inputs.foreign.source import Source


def _nothing_else(_run: object) -> None:
    return


@dataclass(frozen=True, eq=False)
class NoTraining:
    """What a trainer says of itself.

    ``words`` are subcommands, and ``trains`` the one that trains; ``programs`` is a pattern of its scripts
    and modules. ``needs`` are settings, each with the value without which nothing is trained, and ``check``
    refuses what depends on several.
    """

    words: tuple[str, ...] = ()
    trains: str = "train"
    programs: str = ""
    needs: Mapping[Setting, Any] = field(default_factory=dict)
    check: Callable[..., None] = _nothing_else  # of its ``Settings``

    def word_of(self, command: Source) -> str | None:
        """The subcommand of a command by which it trains nothing."""
        return next((one for one in command.words[1:2] if one in self.words), None)
