"""The files that a script reads as if they stood in it: ``source ./env.sh``."""

from __future__ import annotations

import os
import posixpath
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lrviz.errors import ConfigError
from lrviz.inputs.config.document import decode
from lrviz.inputs.foreign.beside import Opener, is_beside, is_elsewhere, is_folder, read_beside
from lrviz.inputs.foreign.shell.printed import UNTOLD, ScriptFolders
from lrviz.inputs.foreign.shell.run_programs import program_of
from lrviz.inputs.foreign.shell.statements import read_statements
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.word import Word
from lrviz.inputs.foreign.written import COPIED
from lrviz.inputs.words import ENV, SHELL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lrviz.inputs.foreign.shell.segments import RawWord
    from lrviz.inputs.foreign.shell.shell_statement import Statement

_SUFFIXES = frozenset({*SHELL, ENV})
_MOST = 500
"""Files that a pattern stands for."""


class Whereabouts(NamedTuple):
    """The folder that a script has gone to, seen from where it began; ``by`` leads elsewhere."""

    folder: str = ""
    by: str = ""


BEGINNING = Whereabouts()


class ScriptText(NamedTuple):
    """A script's text, the name it goes by in messages, and the line that it begins in.

    ``unknown`` are variables that stand in it for what nobody knows.
    """

    text: str
    name: str
    line: int = 1
    note: str = ""
    unknown: Mapping[str, Word] = {}
    folders: ScriptFolders = UNTOLD


@dataclass
class Sourced:
    """Opens them as configs are opened, from the folder of the script; None is a script of no folder.

    It goes ``to`` another one by ``cd``. Its own is ``started`` where what starts it tells that.
    """

    folder: Path | None = None
    to: Whereabouts = BEGINNING
    started: str = ""
    before: Whereabouts = BEGINNING
    stack: list[Whereabouts] = field(default_factory=list)
    opener: Opener = field(default_factory=Opener)
    notes: list[str] = field(default_factory=list)

    @property
    def files(self) -> tuple[str, ...]:
        """Those that are read."""
        return tuple(self.opener.files)

    def go(self, command: str, words: Sequence[Word]) -> None:
        """What ``cd FOLDER``, ``pushd FOLDER`` or ``popd`` does."""
        if command == "popd":
            self.to = self.stack.pop() if self.stack else Whereabouts(by=command)
            return
        self.stack += [self.to] if command == "pushd" else []
        named = words[-1] if words else Word(("~",))
        self.to, self.before = self.before if named.text == "-" else self._led_to(named), self.to

    def _led_to(self, named: Word) -> Whereabouts:
        """A folder that is here, seen from where the script is now, or from its own: ``$(dirname $0)/x``."""
        text = named.text
        from_here = os.path.normpath(Path(self.to.folder, text))
        is_named = not isinstance(named.value, Unknown) and not is_elsewhere(text)
        for one in (from_here, text) if is_named else ():
            if any(is_folder(place / one) for place in _places(self.folder or Path())):
                return Whereabouts("" if one == "." else one)
        return Whereabouts(by=f"cd {text}")

    @contextmanager
    def staying(self) -> Iterator[None]:
        """What goes elsewhere in it does so for itself."""
        outer = (self.to, self.before, list(self.stack))
        yield
        self.to, self.before, self.stack = outer

    def read(self, file: Word, at: Statement) -> list[Statement] | None:
        """The commands of a file, as if they stood in the line that names it; None where it is not read."""
        found = self.text(file)
        try:
            folders = ScriptFolders(self.started, posixpath.dirname(file.text))
            statements = read_statements(found.text, found.name, folders=folders) if found else None
        except ConfigError:
            return None
        self.notes += [found.note] if found and found.note and found.note not in self.notes else []
        return None if statements is None else as_if_at(at, statements)

    def text(self, file: Word) -> ScriptText | None:
        """What stands in a script beside; None where it is not read."""
        if self.folder is None or isinstance(file.value, Unknown):
            return None
        try:
            named = self._named(file.value)
            folder = _folder_of(named, self.folder)
            found = self.opener.read(named, folder, _SUFFIXES, file.value)
            return ScriptText(decode(found.raw, found.name), found.name, note=self._note(folder, found.name))
        except ConfigError:
            return None

    def code(self, words: Sequence[Word]) -> str | None:
        """The Python that ``python FILE.py`` runs; None where it runs none, or that does not lie here.

        None of a script of the shell, which is followed.
        """
        file = program_of([word.text for word in words])
        if self.folder is None or not file.endswith((".py", *SHELL)):
            return None
        try:
            named = self._named(file)
            found = read_beside(named, _folder_of(named, self.folder), frozenset({".py", *SHELL}), file)
            return decode(found.raw, found.name) if file.endswith(".py") else ""
        except ConfigError:
            return None

    def here(self, pattern: str) -> list[str]:
        """The files of settings that lie here; they and the pattern are seen from where the script began."""
        named = os.path.normpath(pattern.replace("**", "*"))
        if self.folder is None or is_elsewhere(named) or named.startswith(".."):
            return []
        found = [(one, place) for place in _places(self.folder) for one in place.glob(named)]
        kept = [str(one.relative_to(place)) for one, place in found if _is_settings(one)]
        return sorted(dict.fromkeys(kept))[:_MOST]

    def _named(self, file: str) -> str:
        """A file as it is named from where the script began; ``./x`` may stand for ``$(dirname $0)/x``."""
        from_here = str(Path(self.to.folder, file))
        is_own = file.startswith("./") and self.folder and not is_beside(self.folder, from_here)
        return file if is_own or is_elsewhere(file) else from_here

    def seen(self, file: str) -> str:
        """A file as it is seen from where the script is now, where ``./x`` stands for ``$(dirname $0)/x``."""
        is_own = self.to.folder and file.startswith("./") and self._named(file) == file
        is_here = is_own and self.folder is not None and is_beside(self.folder, file)
        return os.path.relpath(file, self.to.folder) if is_here else file

    def _note(self, folder: Path, name: str) -> str:
        if self.to.by:
            return f"{self.to.by} is taken to lead to the folder of the script: it reads {name}"
        place = os.path.normpath(folder)
        at_root = f"the script is taken to be run in {place}: it reads {name}"
        return "" if folder == self.folder else at_root

    @contextmanager
    def within(self, file: Word) -> Iterator[None]:
        """What a file reads in turn, from the same folder.

        Raises:
            ConfigError: it reads itself, or too many are within each other.

        """
        named = self._named(file.text)
        self.opener.enter(_folder_of(named, self.folder or Path()) / named, file.text)
        yield
        self.opener.leave()


def _is_settings(path: Path) -> bool:
    return (path.suffix.lower() in COPIED or path.name == ENV) and path.is_file()


def _folder_of(named: str, folder: Path) -> Path:
    """The folder of a script, or one around it from which it finds a file: up to its repository's root.

    A script that is run from there names files as seen from there; lrviz itself may be, too.
    """
    return next((one for one in _places(folder) if is_beside(one, named)), folder)


def _places(folder: Path) -> list[Path]:
    above = list(folder.resolve().parents)
    ends = [at for at, one in enumerate(above) if one == Path.cwd() or (one / ".git").exists()]
    is_root = (folder / ".git").exists()
    places = [folder, *(folder.joinpath(*[".."] * up) for up in range(1, max(ends, default=-1) + 2))]
    return places[: 1 if is_root else None]


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
