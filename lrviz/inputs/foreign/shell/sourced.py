"""The files that a script reads as if they stood in it: ``source ./env.sh``."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lrviz.errors import ConfigError
from lrviz.inputs.config.document import decode
from lrviz.inputs.foreign.beside import Opener
from lrviz.inputs.foreign.shell.statements import read_statements
from lrviz.inputs.foreign.source import Unknown
from lrviz.inputs.words import ENV, SHELL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.shell.segments import RawWord
    from lrviz.inputs.foreign.shell.statements import Statement
    from lrviz.inputs.foreign.source import Word

_SUFFIXES = frozenset({*SHELL, ENV})


class ScriptText(NamedTuple):
    """A script's text, the name it goes by in messages, and the line that it begins in."""

    text: str
    name: str
    line: int = 1


@dataclass
class Sourced:
    """Opens them as configs are opened, from the folder of the script; None is a script of no folder."""

    folder: Path | None = None
    opener: Opener = field(default_factory=Opener)

    @property
    def files(self) -> tuple[str, ...]:
        """Those that are read."""
        return tuple(self.opener.files)

    def read(self, file: Word, at: Statement) -> list[Statement] | None:
        """The commands of a file, as if they stood in the line that names it; None where it is not read."""
        found = self.text(file)
        try:
            statements = read_statements(found.text, found.name) if found else None
        except ConfigError:
            return None
        return None if statements is None else as_if_at(at, statements)

    def text(self, file: Word) -> ScriptText | None:
        """What stands in a script beside; None where it is not read."""
        if self.folder is None or isinstance(file.value, Unknown):
            return None
        try:
            found = self.opener.read(file.value, self.folder, _SUFFIXES, file.value)
            return ScriptText(decode(found.raw, found.name), found.name)
        except ConfigError:
            return None

    @contextmanager
    def within(self, file: Word) -> Iterator[None]:
        """What a file reads in turn, from the same folder.

        Raises:
            ConfigError: it reads itself, or too many are within each other.

        """
        self.opener.enter((self.folder or Path()) / file.text, file.text)
        yield
        self.opener.leave()


def as_if_at(place: Statement, statements: list[Statement]) -> list[Statement]:
    """Commands as if they stood in the line of another one."""
    line = place.words[0].line
    return [
        one._replace(words=tuple(_at(line, word) for word in one.words), number=place.number)
        for one in statements
    ]


def _at(line: int, word: RawWord) -> RawWord:
    array = None if word.array is None else tuple(_at(line, one) for one in word.array)
    return word._replace(line=line, array=array)
