"""How a script is started, and what that tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.launch import Launch
from lrviz.inputs.foreign.shell.printed import UNTOLD, ScriptFolders
from lrviz.inputs.foreign.shell.sourced import BEGINNING, Whereabouts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lrviz.inputs.foreign.shell.kept_values import Kept
    from lrviz.inputs.foreign.word import Word
    from lrviz.inputs.foreign.written import Written


class Invocation(NamedTuple):
    """How a script is started: by which launcher, and with which words; None where nobody says.

    ``folder`` is the one it lies in, None for a script of no file; ``exported`` are the variables, in their
    parts, of the script that starts it, and ``kept`` what they come from; ``to`` is where it is started,
    and ``written`` are the files that are written by then; ``unknown`` are the variables that stand in its
    text for what nobody knows; ``folders`` tell its own. It ``is_within`` another script that starts it.
    """

    launch: Launch = Launch()
    arguments: tuple[Word, ...] | None = None
    folder: Path | None = None
    exported: Mapping[str, Word] = {}
    kept: Mapping[str, frozenset[Kept]] = {}
    to: Whereabouts = BEGINNING
    written: Mapping[str, Written] = {}
    unknown: Mapping[str, Word] = {}
    is_within: bool = False
    folders: ScriptFolders = UNTOLD

    @property
    def env(self) -> Mapping[str, Word]:
        """Its variables: those exported, where what starts it sets them to nothing else, and ``unknown``."""
        said = self.launch.variables
        same = {
            key: one for key, one in self.exported.items() if key in said and one.value == said[key].value
        }
        return said | same | dict(self.unknown)


UNSAID = Invocation()
