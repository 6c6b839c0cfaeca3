"""What a file or a command says, before anybody knows whose it is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from lrviz.inputs.config.lines import KeyPath, path_text
from lrviz.inputs.foreign.launch import Launch
from lrviz.inputs.foreign.python.python_script import PythonScript
from lrviz.inputs.foreign.shell.shell_script import ShellScript
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Mapping

    from lrviz.errors import ConfigError
    from lrviz.inputs.foreign.unknown import Unknown
    from lrviz.inputs.foreign.word import Word


DEFAULTS = "defaults"
"""The language of what a script takes its own options to be."""


@dataclass(frozen=True)
class Spelling:
    """How a file writes what it says, where that matters to those who read it otherwise."""

    before: Mapping[KeyPath, int] = field(default_factory=dict)  # the first line of repeated keys
    in_quotes: Collection[KeyPath] = ()  # texts of a file in YAML that stand in quotes
    odd: Mapping[KeyPath, str] = field(default_factory=dict)  # numbers that its language reads oddly, and how

    def under(self, path: KeyPath) -> Spelling:
        """That of the file as a table at this path."""
        before = {(*path, *way): line for way, line in self.before.items()}
        odd = {(*path, *way): said for way, said in self.odd.items()}
        return Spelling(before, {(*path, *way) for way in self.in_quotes}, odd)

    def within(self, key: str) -> Spelling:
        """That of one of its tables as a file of its own."""
        before = {way[1:]: line for way, line in self.before.items() if way[:1] == (key,)}
        odd = {way[1:]: said for way, said in self.odd.items() if way[:1] == (key,)}
        return Spelling(before, {way[1:] for way in self.in_quotes if way[:1] == (key,)}, odd)

    def over(self, lower: Spelling, said: Container[KeyPath]) -> Spelling:
        """That of the file over another one, whose values do not stand where this one has ``said`` others."""
        odd = {path: one for path, one in lower.odd.items() if path not in said}
        in_quotes = {path for path in lower.in_quotes if path not in said}
        return Spelling({**lower.before, **self.before}, {*in_quotes, *self.in_quotes}, {**odd, **self.odd})


@dataclass(frozen=True)
class Source:
    """What stands in a file, or in a command, and where.

    ``language`` is toml, json, yaml, python, command or ``DEFAULTS``. ``data`` are the tables of a file, the
    names a Python file assigns, or the options of a command: its dashes are underscores then, and each value
    is True (a bare switch), a text, or a tuple of texts.
    ``words`` are those of a command that are no options: the script or module first, then files and words of
    the program. A value may be Unknown at any depth. ``argv`` are all words behind the program, for a trainer
    that knows its switches, and ``hidden`` those that may be further options, such as ``$EXTRA_ARGS``.
    ``shell`` is what the script of a command says beside it, ``python`` what a file in Python does.
    """

    name: str
    language: str
    data: Mapping[str, Any]
    places: Mapping[KeyPath, Place] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    argv: tuple[Word, ...] = ()
    hidden: tuple[Unknown, ...] = ()
    launch: Launch = field(default_factory=Launch)
    shell: ShellScript = field(default_factory=ShellScript)
    python: PythonScript = field(default_factory=PythonScript)
    spelling: Spelling = field(default_factory=Spelling)
    folder: Path = Path()
    files: tuple[str, ...] = ()  # those that were read beside it
    beneath: tuple[str, ...] = ()  # those of settings that its words name
    unread: tuple[ConfigError, ...] = ()  # why another one that it names is not read
    assumed: tuple[str, ...] = ()  # of what a script leaves to others
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of a loop, by its variable
    given: Mapping[str, str] = field(default_factory=dict)  # by ``--given``, of what it leaves open

    @property
    def config(self) -> Mapping[str, Any]:
        """What it says by the keys of a config; nothing of a file in Python, whose names are its own."""
        return {} if self.language == "python" else self.data

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

    def saying(self, data: Mapping[str, Any], places: Mapping[KeyPath, Place] | None = None) -> Source:
        """The same with these values over its own, and where they stand."""
        return replace(self, data={**self.data, **data}, places={**self.places, **(places or {})})

    def place(self, path: KeyPath) -> Place:
        """Where a key stands, or the closest thing around it."""
        around = (path[:n] for n in range(len(path), 0, -1))
        found = next((self.places[way] for way in around if way in self.places), Place(self.name))
        return found if found.key else found._replace(key=path_text(path))
