"""The files that a script reads as if they stood in it: ``source ./env.sh``."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lrviz.errors import ConfigError
from lrviz.inputs.config.document import decode
from lrviz.inputs.foreign.beside import Opener, is_beside
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
    note: str = ""


@dataclass
class Sourced:
    """Opens them as configs are opened, from the folder of the script; None is a script of no folder."""

    folder: Path | None = None
    opener: Opener = field(default_factory=Opener)
    notes: list[str] = field(default_factory=list)

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
        self.notes += [found.note] if found and found.note and found.note not in self.notes else []
        return None if statements is None else as_if_at(at, statements)

    def text(self, file: Word) -> ScriptText | None:
        """What stands in a script beside; None where it is not read."""
        if self.folder is None or isinstance(file.value, Unknown):
            return None
        try:
            folder = _folder_of(file.value, self.folder)
            found = self.opener.read(file.value, folder, _SUFFIXES, file.value)
            place = os.path.normpath(folder)
            note = f"the script is taken to be run in {place}: it reads {found.name}"
            note = "" if folder == self.folder else note
            return ScriptText(decode(found.raw, found.name), found.name, note=note)
        except ConfigError:
            return None

    @contextmanager
    def within(self, file: Word) -> Iterator[None]:
        """What a file reads in turn, from the same folder.

        Raises:
            ConfigError: it reads itself, or too many are within each other.

        """
        self.opener.enter(_folder_of(file.text, self.folder or Path()) / file.text, file.text)
        yield
        self.opener.leave()


def _folder_of(named: str, folder: Path) -> Path:
    """The folder of a script, or one around it from which it finds a file: up to its repository's root.

    A script that is run from there names files as seen from there; lrviz itself may be, too.
    """
    above = list(folder.resolve().parents)
    ends = [at for at, one in enumerate(above) if one == Path.cwd() or (one / ".git").exists()]
    is_root = (folder / ".git").exists()
    places = [folder, *(folder.joinpath(*[".."] * up) for up in range(1, max(ends, default=-1) + 2))]
    return next((one for one in places[: 1 if is_root else None] if is_beside(one, named)), folder)


def as_if_at(place: Statement, statements: list[Statement]) -> list[Statement]:
    """Commands as if they stood in the line of another one."""
    return [_moved(one, place) for one in statements]


def _moved(statement: Statement, place: Statement) -> Statement:
    words, prefix = (
        tuple(_at(place.line, word) for word in one) for one in (statement.words, statement.prefix)
    )
    redirections = [one._replace(word=_at(place.line, one.word)) for one in statement.redirections]
    return statement._replace(
        words=words, prefix=prefix, redirections=tuple(redirections), number=place.number
    )


def _at(line: int, word: RawWord) -> RawWord:
    array = None if word.array is None else tuple(_at(line, one) for one in word.array)
    return word._replace(line=line, array=array)
