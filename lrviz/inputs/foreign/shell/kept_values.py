"""Values that a script sets before it reads a file that is not read here, and that may set them anew."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from lrviz.notation.text import few

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LONGEST = 40
_OF_THE_MACHINE = re.compile(
    r"(?:.*/)?(?:activate|(?:conda|mamba|micromamba|modules?|nvm)\.sh|\.?(?:bash_?rc|bash_profile|profile|zshrc))"
    r"|/(?:etc|opt|usr)/.*|[/~$].*/(?:set_env|setvars|setupvars)\.sh",
    re.DOTALL,
)
"""Files that set up a machine or a toolkit, and no training: by their name, or by where they lie."""


def is_of_the_machine(file: str) -> bool:
    """Whether a file sets up a machine, and no training."""
    return _OF_THE_MACHINE.fullmatch(file) is not None


class Kept(NamedTuple):
    """A value that stands although the ``file`` may set it anew; empty where it is long."""

    file: str
    name: str
    value: str


@dataclass
class KeptValues:
    """Which of them each variable comes from, and which were ``read`` since nobody asked."""

    of: dict[str, frozenset[Kept]] = field(default_factory=dict)
    read: set[Kept] = field(default_factory=set)
    tested: set[Kept] = field(default_factory=set)  # on which it depends what is run

    def look_at(self, name: str) -> None:
        """A variable is read."""
        self.read |= self.of.get(name, frozenset())

    def set(self, name: str, *, adds: bool = False) -> None:
        """A variable is set to something made of those that were read, or that is added to it."""
        before = self.of.pop(name, frozenset()) if adds else frozenset()
        self.of.pop(name, None)
        if made := before | self.read:
            self.of[name] = made

    def keep(self, file: str, texts: Mapping[str, str]) -> None:
        """A file may set all of these anew."""
        if is_of_the_machine(file):
            return
        for name, text in texts.items():
            others = {one for one in self.of.get(name, ()) if one.name != name}
            short = text if len(text) <= _LONGEST and " " not in text else ""
            self.of[name] = frozenset({*others, Kept(file, name, short)})

    def notes(self) -> list[str]:
        """What is said of a command that is made of those that were read."""
        return _notes_on(self.read | self.tested)


def _notes_on(kept: Iterable[Kept]) -> list[str]:
    found = []
    for file, group in groupby(sorted(kept), lambda one: one.file):
        names = [f"{one.name}={one.value}" if one.value else one.name for one in group]
        found.append(f"{file} is not read: {few(names)} as set before it")
    return found
