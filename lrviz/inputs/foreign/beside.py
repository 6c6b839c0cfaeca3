"""Files named in a file or a command: strangers name them, so only configs at a relative path are opened.

So is one at an absolute path that lies in the folder itself. A path may lead up (``../base.yml``), as
those of repositories do.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.config.document import decode
from lrviz.inputs.files import read_file, reason
from lrviz.inputs.foreign.unknown import Unknown
from lrviz.inputs.foreign.written import TEMPLATES, lines_of, path_in, with_quotes, written_at
from lrviz.inputs.words import is_settings_file
from lrviz.notation.shell import shell_word

if TYPE_CHECKING:
    from collections.abc import Collection

    from lrviz.inputs.foreign.source import Source
    from lrviz.inputs.foreign.written import Written

_DEEPEST = 10
_MOST = 50
OWN = "./."
"""How a path begins that a Python file makes of its own place: any other is seen from where it is run."""
_ROOTS = ("/", "\\", "~")


@dataclass(frozen=True)
class Beside:
    """A file that another one names: ``name`` is how it is called in messages."""

    name: str
    path: Path
    raw: bytes
    written: Written | None = None  # by the script that names it


@dataclass
class Opener:
    """Opens what files name, and what those name in turn: relative, small and regular, within bounds."""

    files: list[str] = field(default_factory=list)
    _open: list[Path] = field(default_factory=list)
    _count: int = 0

    def read(self, named: str, folder: Path, suffixes: frozenset[str], place: str) -> Beside:
        """The file that is named at ``place``, seen from a folder.

        Raises:
            ConfigError: it is named in another way, no config, not there, or one too many.

        """
        found = read_beside(named, folder, suffixes, place)
        self._count += 1
        if self._count > _MOST:
            raise ConfigError(f"{place}: more than {_MOST} files", hint="write it as one file")
        if found.name not in self.files:
            self.files.append(found.name)
        return found

    def enter(self, path: Path, place: str) -> None:
        """Begin to read a file, which names others.

        Raises:
            ConfigError: it names itself, or it is one of too many within each other.

        """
        real = path.resolve()
        if real in self._open:
            raise ConfigError(f"{place}: {path.name} leads back to itself", hint="take it out of one of them")
        if len(self._open) > _DEEPEST:
            raise ConfigError(f"{place}: more than {_DEEPEST} files deep", hint="write it as one file")
        self._open.append(real)

    def leave(self) -> None:
        """The file that was entered last is read."""
        self._open.pop()


def is_elsewhere(named: str) -> bool:
    """Whether a name is no relative path: absolute, in somebody's home, on a drive or a URL."""
    return named.startswith(_ROOTS) or ":" in named


def from_folder(named: str, folder: Path) -> str:
    """A path as it is seen from a folder: an absolute one of a file that lies in that is its name."""
    path = Path(named)
    try:
        is_own = path.is_absolute() and path.parent.resolve() == folder.resolve()
    except (OSError, ValueError):  # too long for a name, or a null byte in it
        return named
    return path.name if is_own else named


def is_beside(folder: Path, named: str) -> bool:
    """Whether a relative path leads to a file; any text may be asked about."""
    named = from_folder(named, folder)
    try:
        return not is_elsewhere(named) and (folder / named).is_file()
    except (OSError, ValueError):  # too long for a name, or a null byte in it
        return False


def is_here(source: Source, named: str) -> bool:
    """Whether a file that it names lies beside it, or is written by the script that it stands in."""
    return _text_of(source, named) is not None or is_beside(source.folder, named)


def read_here(source: Source, named: str, suffixes: Collection[str], place: str = "") -> Beside:
    """Read a file that a source names, as its script writes it, or as it lies there.

    Raises:
        ConfigError: it is named in another way, no config, or cannot be read.

    """
    if named in source.given:
        return read_beside(source.given[named], Path(), frozenset(suffixes), place or source.name)
    made = _text_of(source, named)
    if made and made.of:
        return replace(_edited(made, named, suffixes, place or source.name), path=source.folder / named)
    if made:
        path = path_in(source.folder, named)
        return Beside(path, Path(path), lines_of(made, Path(path).suffix.lower()).encode(), made)
    made = written_at(source.shell.written, source.folder, named)
    if made and not is_beside(source.folder, named):
        raise _unknown(made, named, f"put it at {path_in(source.folder, named)}")
    found = read_beside(named, source.folder, frozenset(suffixes), place or source.name)
    if made and is_settings_file(named) and not (made.is_handed or _is_same(made, found)):
        raise _unknown(made, named, _stand_in(named))
    return found


def _edited(made: Written, named: str, suffixes: Collection[str], place: str) -> Beside:
    """A file that lies here, as the script edits it.

    Raises:
        ConfigError: it cannot be read, or what an edit makes of it is not known.

    """
    templates = TEMPLATES if made.edits else ()
    found = read_beside(made.of, Path(), frozenset((*suffixes, *templates)), place)
    if not made.edits:
        return found
    text = made.read_off(decode(found.raw, found.name))
    if text is None:
        raise _unknown(made, named, _stand_in(named))
    return replace(found, raw=with_quotes(text, found.path.suffix.lower()).encode(), written=made)


def _is_same(made: Written, found: Beside) -> bool:
    """Whether a file that lies here is what its script may make of it all the same."""
    suffixes = frozenset({found.path.suffix.lower()})
    try:
        of = read_beside(made.of, Path(), suffixes, made.of) if made.of else None
        text = made.read_off(decode(of.raw, of.name)) if of else made.text
        return text == decode(found.raw, found.name)
    except ConfigError:
        return False


def _stand_in(named: str) -> str:
    return f"--given {shell_word(f'{named}=FILE')} reads one that is as it is then"


def _unknown(made: Written, named: str, way: str) -> ConfigError:
    if made.is_gone:
        takes = "takes" if made.is_sure else "may take"
        said = f"{made.by} {takes} {named} away, and what it is then is not known"
    elif made.is_known and not made.is_sure:
        said = f"whether {made.by} is run, and changes {named}, is not known"
    else:
        said = f"what {made.by} makes of {named} is not known, as nothing is run"
    return ConfigError(f"{made.place}: {said}", hint=way)


def one_of_folders(named: str, folder: Path, suffixes: frozenset[str], place: str) -> Beside | Unknown:
    """Read a file that a program opens: beside it, or in the current folder, where it may be run as well.

    Unknown is one that is not there, or that is another one in each of them.

    Raises:
        ConfigError: it is named in another way, or no config.

    """
    folders = [one for one in folders_of(named, folder) if is_beside(one, named)]
    found = [read_beside(named, one, suffixes, place) for one in folders]
    return one_of(found, named)


def folders_of(named: str, folder: Path) -> list[Path]:
    """Where a file may lie that is named by a program in a folder; its own place may be in the name."""
    return [folder] if named.startswith(OWN) else list(dict.fromkeys((folder, Path())))


def one_of(found: list[Beside], named: str) -> Beside | Unknown:
    """The file, if it is there, and the same wherever it is."""
    if len({one.raw for one in found}) > 1:
        return Unknown(" and ".join(one.name for one in found) + ", which differ")
    return found[0] if found else Unknown(f"{os.path.normpath(named)}, which is not here")


def _text_of(source: Source, named: str) -> Written | None:
    """What its script writes into a file, where that is known, and the file is not left as it lies there."""
    made = written_at(source.shell.written, source.folder, named)
    if made is None or not made.is_known or (made.edits and not is_beside(Path(), made.of)):
        return None
    return made if made.is_sure or not is_beside(source.folder, named) else None


def is_folder(path: Path) -> bool:
    """Whether there is such a folder; any text may be asked about."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def read_beside(named: str, folder: Path, suffixes: frozenset[str], place: str) -> Beside:
    """Read a file that is named at ``place``, seen from a folder.

    Raises:
        ConfigError: it is named in another way, no config, or cannot be read.

    """
    named = from_folder(named, folder)
    if is_elsewhere(named):
        raise ConfigError(
            f"{place}: {named!r} is not a path beside this file, and no other is opened",
            hint=f"copy it here, and name the copy: ./{_last(named)}",
        )
    path = folder / named
    if path.suffix.lower() not in suffixes:
        known = " or ".join(sorted(suffixes))
        raise ConfigError(f"{place}: {named!r} is no config", hint=f"name a file that ends in {known}")
    try:
        return Beside(os.path.normpath(path), path, read_file(path))
    except OSError as error:
        raise ConfigError(
            f"{place}: cannot read {named!r}: {reason(error)}", hint=f"put it at {path}"
        ) from None


def _last(named: str) -> str:
    return named.replace("\\", "/").replace(":", "/").rstrip("/").rpartition("/")[2] or "config.py"
