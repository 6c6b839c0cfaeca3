"""What a trainer's module hands over: how its files are known, and how they are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lrviz.inputs.foreign.setting import Setting
    from lrviz.inputs.foreign.shell.world import Launcher, Own
    from lrviz.inputs.foreign.source import Source
    from lrviz.notation.spec import Spec


def _unchanged(source: Source) -> Source:
    return source


def _apart(layers: list[Source]) -> list[Source]:
    return layers


@dataclass(frozen=True, eq=False)
class ForeignTrainer:
    """One trainer, by its facts.

    ``version`` is the one whose rules stand in its reader unless another is named: the program's own name is
    ``program`` where that is not the trainer's. ``claims`` says whether a file or a command is one of its
    own. ``files`` are its options that name a file of settings, which lie below those of the command, and
    ``tables`` those that name a file for a table in their place, ``within`` the table that its own file is;
    ``base`` is the setting of a file that names another one below it. ``calls`` are the calls of a Python
    file whose keywords are its settings.
    ``takes_python`` tells whether a Python file named in a command is one of settings.
    ``read_words`` makes settings of words that are none to others, ``read_file`` of a file's keys that are
    not yet their names, and ``defaults`` are the files of its own
    where its defaults stand, which need not be here; nor need others where it ``has_own_files``, to be named
    in a command. ``merge`` makes one layer of those that its program
    merges.
    ``dash`` is what stands in the options of one whose argparse takes them cut short, ``-`` or ``_``.
    ``reads_text`` tells whether its parser makes numbers of text in a file (YAML's ``1e-3`` is text for
    PyYAML, and a number for OmegaConf). ``schedules`` are its own names of schedules, and lrviz's for each.
    ``launchers`` are those that only its programs have, each by its name: one in front of a program, or a
    program that starts its own processes.
    ``is_base`` is that of one whose words others have too: it claims only what no other does.
    """

    name: str
    version: str
    settings: tuple[Setting, ...]
    claims: Callable[[Source], bool]
    read: Callable[..., Spec]  # of its ``Settings``
    program: str = ""
    aliases: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    base: str = ""
    defaults: tuple[str, ...] = ()
    has_own_files: bool = False
    tables: tuple[str, ...] = ()
    within: str = ""
    calls: tuple[str, ...] = ()
    reads_args_file: bool = False
    takes_python: bool = False
    read_words: Callable[[Source], Source] = _unchanged
    read_file: Callable[[Source], Source] = _unchanged
    merge: Callable[[list[Source]], list[Source]] = _apart
    dash: str = ""
    reads_text: bool = True
    schedules: Mapping[str, str] = field(default_factory=dict)
    launchers: Mapping[str, Launcher | Own] = field(default_factory=dict)
    is_base: bool = False
    known_by: str = ""  # what its files are recognised by, in words

    @property
    def title(self) -> str:
        """``transformers 5.23.0``."""
        return f"{self.program or self.name} {self.version}"
