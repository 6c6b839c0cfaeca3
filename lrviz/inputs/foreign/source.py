"""What a file or a command says, before anybody knows whose it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.inputs.config.lines import KeyPath, path_text
from lrviz.notation.origin import Given, Place

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Unknown:
    """A value that nobody can know without running something.

    ``why`` says what stands there: ``$NODES``, ``a call in line 7``. ``names`` are those whose values would
    tell it (``NODES``), which ``--given`` takes.
    """

    why: str
    names: tuple[str, ...] = ()


class Launch(NamedTuple):
    """How a command starts its processes.

    ``world`` is how many there are in all, Unknown where the launcher decides it when it runs, None where
    nothing is said of it. ``config`` is the launcher's own file, as it is named in the command, and ``env``
    the variables set for the program.
    """

    program: str = ""
    world: Given | Unknown | None = None
    config: str = ""
    env: Mapping[str, Given] = {}


@dataclass(frozen=True)
class PythonCall:
    """A call in a Python file: ``SFTConfig(learning_rate=2e-5)``; ``name`` has its dots.

    ``arguments`` are those by position, ``keywords`` the others, and ``lines`` says where each keyword
    stands. An argument may be Unknown, or a call itself.
    """

    name: str
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """What stands in a file, or in a command, and where.

    ``language`` is toml, json, yaml, python or command. ``data`` are the tables of a file, the names a Python
    file assigns, or the options of a command: its dashes are underscores then, and each value is True (a
    bare switch), a text, or a tuple of texts.
    ``words`` are those of a command that are no options: the script or module first, then files and words of
    the program. A value may be Unknown at any depth.
    """

    name: str
    language: str
    data: Mapping[str, Any]
    places: Mapping[KeyPath, Place] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    launch: Launch = field(default_factory=Launch)
    calls: tuple[PythonCall, ...] = ()
    imports: frozenset[str] = frozenset()
    folder: Path = Path()
    files: tuple[str, ...] = ()  # those that were read beside it

    def place(self, path: KeyPath) -> Place:
        """Where a key stands, or the closest thing around it."""
        around = (path[:n] for n in range(len(path), 0, -1))
        found = next((self.places[way] for way in around if way in self.places), Place(self.name))
        return found if found.key else found._replace(key=path_text(path))
