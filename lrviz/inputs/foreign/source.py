"""What a file or a command says, before anybody knows whose it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.inputs.config.lines import KeyPath, path_text
from lrviz.notation.origin import Given, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from lrviz.errors import ConfigError


HIDDEN = "**"
"""What a call in Python has that is handed a dict of keywords which nobody knows."""
DEFAULTS = "defaults"
"""The language of what a script takes its own options to be."""
TORCH, SLURM, MPI, LSF, NOBODY = "torch", "slurm", "mpi", "lsf", ""
IMAGE = "image"
"""Whose variables processes find their ranks in; a container of Slurm's may have torch's."""
EVALUATED, UNCALLED, UNUSED = "evaluated", "uncalled", "unused"
"""How a file may train nothing, beside a condition."""
COUNTED_IN = {
    TORCH: ("WORLD_SIZE",),
    SLURM: ("SLURM_NTASKS",),
    IMAGE: ("WORLD_SIZE", "SLURM_NTASKS"),
    MPI: ("OMPI_COMM_WORLD_SIZE",),
}
"""The variables that say how many there are."""


@dataclass(frozen=True)
class Unknown:
    """A value that nobody can know without running something.

    ``why`` says what stands there: ``$NODES``, ``a call in line 7``. ``names`` are those whose values would
    tell it (``NODES``), which ``--given`` takes. It ``is_computed`` where an expression makes it of them,
    ``NODES * 8``: none of them is the value itself.
    """

    why: str
    names: tuple[str, ...] = ()
    is_computed: bool = field(default=False, kw_only=True)


@dataclass(frozen=True)
class Imported(Unknown):
    """What a Python file imports: ``LinearLR`` in ``type=LinearLR`` has a full name, and no known value."""

    name: str = ""


@dataclass(frozen=True)
class Field(Unknown):
    """What a Python file has of the arguments of its Trainer, ``args.learning_rate``, by the field's name."""

    name: str = ""


Part = str | Unknown


class Word(NamedTuple):
    """A word in its parts, texts and what nobody knows; ``line`` is 0 where there are no lines.

    One with something unknown may be several words, or none, unless it ``is_one``.
    """

    parts: tuple[Part, ...]
    line: int = 0
    is_one: bool = False

    @classmethod
    def of(cls, text: str, line: int = 0) -> Word:
        """A word that is known."""
        return cls((text,) if text else (), line)

    @property
    def value(self) -> str | Unknown:
        """The text, or Unknown where a part is."""
        if not any(isinstance(part, Unknown) for part in self.parts):
            return "".join(map(str, self.parts))
        unknown = [part for part in self.parts if isinstance(part, Unknown)]
        names = dict.fromkeys(name for part in unknown for name in part.names)
        return Unknown(self.text, tuple(names), is_computed=any(part.is_computed for part in unknown))

    @property
    def may_be_several(self) -> bool:
        """Whether nobody knows how many words it is."""
        return not self.is_one and any(isinstance(part, Unknown) for part in self.parts)

    @property
    def text(self) -> str:
        """What stands there, with ``$NAME`` for what is unknown."""
        return "".join(part.why if isinstance(part, Unknown) else part for part in self.parts)

    @property
    def head(self) -> str:
        """What is known at the beginning, up to the first unknown part."""
        return self.parts[0] if self.parts and isinstance(self.parts[0], str) else ""

    def cut(self, length: int) -> Word:
        """The word without the first characters of its head."""
        return Word(merge((self.head[length:], *self.parts[1:])), self.line)

    def split(self, separator: str) -> Iterator[Word]:
        """The words between the separators that are known."""
        parts: list[Part] = []
        for part in self.parts:
            first, *others = part.split(separator) if isinstance(part, str) else (part,)
            parts.append(first)
            for other in others:
                yield Word(merge(parts), self.line)
                parts = [other]
        yield Word(merge(parts), self.line)


def merge(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Parts with texts that stand side by side made one, and empty ones left out."""
    merged: list[Part] = []
    texts: list[str] = []
    for part in (*parts, None):
        if isinstance(part, str):
            texts.append(part)
            continue
        if text := "".join(texts):
            merged.append(text)
        texts.clear()
        if part is not None:
            merged.append(part)
    return tuple(merged)


class Launch(NamedTuple):
    """How a command starts its processes.

    ``world`` is how many there are in all, Unknown where the launcher decides it when it runs, None where
    nothing is said of it. ``config`` is the launcher's own file, as it is named in the command, ``options``
    are the others of that launcher, and ``env`` the variables set for the program; it begins in
    ``line``. ``unknown`` is what nobody knows of the program's name, ``launcher`` who starts it, and
    ``tells`` whose variables its processes find their ranks in. ``handed`` are settings that the launcher
    hands on to the program, which may say them itself.
    """

    program: str = ""
    world: Given | Unknown | None = None
    config: str = ""
    env: Mapping[str, Given] = {}
    options: Mapping[str, Word] = {}
    line: int = 0
    unknown: Unknown | None = None
    launcher: str = ""
    tells: str = TORCH
    handed: Mapping[str, Any] = {}

    @property
    def variables(self) -> dict[str, Word]:
        """The variables set for the program, each as a word."""
        return {name: Word((one.value,)) for name, one in self.env.items()}


class Written(NamedTuple):
    """What a script makes of a file.

    ``text`` is what stands in it, with a mark for each of ``unknown``; None where ``by``, the command that
    makes or changes it, is not followed. ``of`` is the path of a file that it is a copy of, with ``edits``.
    It is not ``is_sure`` where it may be left as it lies there.
    """

    place: Place
    by: str
    text: str | None = None
    of: str = ""
    is_sure: bool = True
    unknown: Mapping[str, Unknown] = {}
    edits: tuple[Callable[[str], str | None], ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether it is told what stands in it."""
        return self.text is not None or bool(self.of)

    def edited(self, edit: Callable[[str], str | None]) -> Written:
        """What stands in it after an edit, which nobody may know."""
        if self.text is None:
            return self._replace(edits=(*self.edits, edit))
        return self._replace(text=edit(self.text))

    def read_off(self, text: str) -> str | None:
        """What its edits make of the file that it is of."""
        for edit in self.edits:
            made = edit(text)
            if made is None:
                return None
            text = made
        return text


@dataclass(frozen=True)
class PythonCall:
    """A call in a Python file: ``SFTConfig(learning_rate=2e-5)``; ``name`` has its dots.

    ``arguments`` are those by position, ``keywords`` the others, and ``lines`` says where each keyword
    stands, or each key of a dict that it is handed. An argument may be Unknown, or a call itself. ``changed``
    are the attributes that later lines set, ``args.max_steps = 5``, and where; ``around`` what it stands in
    that may run never or often, ``a loop in line 4``.
    """

    name: str
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)
    changed: dict[str, tuple[Any, int]] = field(default_factory=dict)
    around: tuple[str, ...] = ()

    def attribute(self, name: str) -> Any:
        """What an attribute was last set to, in the call or later."""
        unknown = Unknown(f"{name} of the {self.name} in line {self.line}")
        return self.changed[name][0] if name in self.changed else self.keywords.get(name, unknown)


class Training(NamedTuple):
    """A line of a Python file that trains, the call of its arguments, and that of its Trainer, if known."""

    arguments: PythonCall
    line: int
    trainer: PythonCall | None


class Untrained(NamedTuple):
    """Why a file may train nothing, and whether it is known to.

    ``what`` is the condition in that line which leads past all lines that train, or what is called
    instead (``EVALUATED``), a function in which they stand (``UNCALLED``), or a Trainer (``UNUSED``).
    """

    what: str
    line: int
    is_sure: bool = True
    how: str = "by a condition"


class Override(NamedTuple):
    """What a class of a script does of its Trainer's schedule: the method it has its own of, or in words.

    ``file`` is where the class stands, if that is not the script. It is not ``is_sure`` where the Trainer's
    own method may be called all the same. ``lrs`` are those that its method makes an
    optimizer with, or groups of one: numbers, Fields, Unknown.
    """

    owner: str
    what: str
    line: int
    file: str = ""
    is_sure: bool = True
    lrs: tuple[Any, ...] = ()

    @property
    def whose(self) -> str:
        """The class, and where it stands."""
        return f"{self.owner} in {f'{self.file}:' if self.file else 'line '}{self.line}"


@dataclass(frozen=True)
class Source:
    """What stands in a file, or in a command, and where.

    ``language`` is toml, json, yaml, python, command or ``DEFAULTS``. ``data`` are the tables of a file, the
    names a Python file assigns, or the options of a command: its dashes are underscores then, and each value
    is True (a bare switch), a text, or a tuple of texts.
    ``words`` are those of a command that are no options: the script or module first, then files and words of
    the program. A value may be Unknown at any depth. ``argv`` are all words behind the program, for a trainer
    that knows its switches, and ``hidden`` those that may be further options, such as ``$EXTRA_ARGS``.
    """

    name: str
    language: str
    data: Mapping[str, Any]
    places: Mapping[KeyPath, Place] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    argv: tuple[Word, ...] = ()
    hidden: tuple[Unknown, ...] = ()
    launch: Launch = field(default_factory=Launch)
    calls: tuple[PythonCall, ...] = ()
    imports: tuple[str, ...] = ()  # in the order of the file, each once
    overrides: tuple[Override, ...] = ()
    grouped_at: int = 0  # the first line that makes a group of an optimizer with an LR of its own
    group_makers: Mapping[int, str] = field(default_factory=dict)  # of one in a line, by another module
    regrouped_at: int = 0  # the first that changes the groups of one
    trainings: tuple[Training, ...] = ()
    resumed: Mapping[int, Any] = field(default_factory=dict)  # lines that train, and from which checkpoint
    untrained: Untrained | None = None  # why none of its lines that train is run
    repeated: Mapping[int, str] = field(default_factory=dict)  # lines that may train again, and by what
    parsed: frozenset[str] = frozenset()  # classes of others whose fields a script makes options of
    changed: Mapping[str, tuple[Any, int]] = field(default_factory=dict)  # of what it has parsed, and where
    attributes: Mapping[str, int] = field(default_factory=dict)  # that it sets on names, and the first line
    folder: Path = Path()
    files: tuple[str, ...] = ()  # those that were read beside it
    has_bases: bool = False  # whether some of them are configs that a Python config is made of
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
    own_classes: tuple[str, ...] = ()  # that a script has parsed, none of them a trainer's
    own_fields: frozenset[str] = frozenset()  # that classes of a script add to those of a trainer's
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


def unknown_within(value: object) -> Iterator[Unknown]:
    """All that nobody can know within a value."""
    if isinstance(value, (dict, list, tuple)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from unknown_within(one)
    elif isinstance(value, Unknown) and not isinstance(value, Imported):
        yield value
