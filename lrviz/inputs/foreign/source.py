"""What a file or a command says, before anybody knows whose it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from lrviz.inputs.config.lines import KeyPath, path_text
from lrviz.inputs.foreign.launch import Launch
from lrviz.inputs.foreign.python.python_script import PythonScript
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lrviz.errors import ConfigError
    from lrviz.inputs.foreign.unknown import Unknown
    from lrviz.inputs.foreign.word import Word
    from lrviz.inputs.foreign.written import Written


DEFAULTS = "defaults"
"""The language of what a script takes its own options to be."""


@dataclass(frozen=True)
class Source:
    """What stands in a file, or in a command, and where.

    ``language`` is toml, json, yaml, python, command or ``DEFAULTS``. ``data`` are the tables of a file, the
    names a Python file assigns, or the options of a command: its dashes are underscores then, and each value
    is True (a bare switch), a text, or a tuple of texts.
    ``words`` are those of a command that are no options: the script or module first, then files and words of
    the program. A value may be Unknown at any depth. ``argv`` are all words behind the program, for a trainer
    that knows its switches, and ``hidden`` those that may be further options, such as ``$EXTRA_ARGS``.
    ``python`` is what a file in Python does beside.
    """

    name: str
    language: str
    data: Mapping[str, Any]
    places: Mapping[KeyPath, Place] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    argv: tuple[Word, ...] = ()
    hidden: tuple[Unknown, ...] = ()
    launch: Launch = field(default_factory=Launch)
    python: PythonScript = field(default_factory=PythonScript)
    folder: Path = Path()
    files: tuple[str, ...] = ()  # those that were read beside it
    beneath: tuple[str, ...] = ()  # those of settings that its words name
    unread: tuple[ConfigError, ...] = ()  # why another one that it names is not read
    quoted: Mapping[str, str] = field(default_factory=dict)  # those in its comments
    written: Mapping[str, Written] = field(
        default_factory=dict
    )  # those that its script writes, by their paths
    before: Mapping[KeyPath, int] = field(default_factory=dict)  # the first line of repeated keys
    in_quotes: Collection[KeyPath] = ()  # texts of a file in YAML that stand in quotes
    odd: Mapping[KeyPath, str] = field(default_factory=dict)  # numbers that its language reads oddly, and how
    assumed: tuple[str, ...] = ()  # of what a script leaves to others
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of a loop, by its variable
    called_in: tuple[int, ...] = ()  # lines in which the functions are called that a command stands in
    passed_over: str = ""  # a file that the script reads, and that is not followed
    given: Mapping[str, str] = field(default_factory=dict)  # by ``--given``, of what it leaves open

    @property
    def program(self) -> str:
        """What a command starts, as it is written; nothing of a file."""
        return self.launch.program

    @property
    def script(self) -> str:
        """The program without its folder: ``train.py``."""
        return PurePath(self.program).name

    @property
    def module(self) -> str:
        """The program as a module of Python: ``scripts.train``, also of ``scripts/train.py``."""
        return self.program.removesuffix(".py").replace("/", ".")

    @property
    def ways_to_program(self) -> str:
        """What is to be given for its program to be known; nothing where it is."""
        names = self.launch.unknown.names if self.launch.unknown else ()
        value = (*self.choices_of(self.launch.unknown), "VALUE")[0]
        return " ".join(f"--given {name}={value}" for name in names)

    def choices_of(self, unknown: Unknown | None) -> tuple[str, ...]:
        """The values of the loop whose variable is all that is unknown."""
        names = unknown.names if unknown else ()
        return self.choices.get(names[0], ()) if len(names) == 1 else ()

    def place(self, path: KeyPath) -> Place:
        """Where a key stands, or the closest thing around it."""
        around = (path[:n] for n in range(len(path), 0, -1))
        found = next((self.places[way] for way in around if way in self.places), Place(self.name))
        return found if found.key else found._replace(key=path_text(path))
