"""A command of a shell script, as it is when it is started."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.shell.sourced import BEGINNING, Whereabouts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.inputs.foreign.shell.kept_values import Kept
    from lrviz.inputs.foreign.word import Word
    from lrviz.inputs.foreign.written import Written


class Command(NamedTuple):
    """The words of a command, variables set before it among them, and ``env``, what was exported before.

    ``stdin`` is the text that it is handed, ``written`` are the files that the script has written by then,
    ``defaults`` those taken up to here for what nothing sets, and ``unread`` a file that may set it;
    ``choices`` are the values that loops give to their variables, ``files`` those that the script reads,
    and ``notes`` say from where; ``kept`` is what those that are exported come from, ``to`` where it is run;
    ``calls`` are the lines in which the functions are called that it stands in, the innermost first,
    and ``conditions`` those before it that nobody can tell, by name.
    """

    words: tuple[Word, ...]
    env: Mapping[str, Word] = {}
    stdin: Word | None = None
    written: Mapping[str, Written] = {}
    defaults: Mapping[str, str] = {}
    unread: str = ""
    choices: Mapping[str, tuple[str, ...]] = {}
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    kept: Mapping[str, frozenset[Kept]] = {}
    to: Whereabouts = BEGINNING
    calls: tuple[int, ...] = ()
    conditions: Mapping[str, str] = {}
