"""What a Python file does beside naming values: what it calls, trains and overrides."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.inputs.foreign.environment import Start
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lrviz.inputs.foreign.python.said_rows import Rows


HIDDEN = "**"
"""What a call in Python has that is handed a dict of keywords which nobody knows."""
EVALUATED, UNCALLED, UNUSED = "evaluated", "uncalled", "unused"
"""How a file may train nothing, beside a condition."""


@dataclass(frozen=True)
class PythonCall:
    """A call in a Python file: ``SFTConfig(learning_rate=2e-5)``; ``name`` has its dots.

    ``arguments`` are those by position, ``keywords`` the others, and ``lines`` says where each keyword
    stands, or each key of a dict that it is handed. An argument may be Unknown, or a call itself. ``changed``
    are the attributes that later lines set, ``args.max_steps = 5``, and where; ``around`` what it stands in
    that may run never or often, ``a loop in line 4``.
    ``rows_by_name`` are those of the data sets that it gives, of one alone by no name.
    """

    name: str
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)
    changed: dict[str, tuple[Any, int]] = field(default_factory=dict)
    around: tuple[str, ...] = ()
    rows_by_name: dict[Any, Rows | None] = field(default_factory=dict, compare=False)

    @property
    def called(self) -> str:
        """What it calls, without the module or the object before it."""
        return self.name.rpartition(".")[2]

    @property
    def rows(self) -> Rows | None:
        """Those of the one data set that it gives."""
        return self.rows_by_name.get("")

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
class PythonScript:
    """What a Python file does; nothing where a source is none."""

    calls: tuple[PythonCall, ...] = ()
    imports: tuple[str, ...] = ()  # and the packages of them, in the order of the file
    has_bases: bool = False  # whether some of the files read beside it are configs that it is made of
    overrides: tuple[Override, ...] = ()
    grouped_at: int = 0  # the first line that makes a group of an optimizer with an LR of its own
    group_makers: Mapping[int, str] = field(default_factory=dict)  # of one in a line, by another module
    regrouped_at: int = 0  # the first that changes the groups of one
    trainings: tuple[Training, ...] = ()
    resumed: Mapping[int, Any] = field(default_factory=dict)  # lines that train, and from which checkpoint
    untrained: Untrained | None = None  # why none of its lines that train is run
    repeated: Mapping[int, str] = field(default_factory=dict)  # lines that may train again, and by what
    parsed: frozenset[str] = frozenset()  # classes of others whose fields it makes options of
    changed: Mapping[str, tuple[Any, int]] = field(default_factory=dict)  # of what it has parsed, and where
    attributes: Mapping[str, int] = field(default_factory=dict)  # that it sets on names, and the first line
    written: Mapping[str, int] = field(default_factory=dict)  # what it sets within objects, and where
    own_classes: tuple[str, ...] = ()  # that it has parsed, none of them a trainer's
    own_fields: frozenset[str] = frozenset()  # that its classes add to those of a trainer's
    start: Start = field(default_factory=Start)  # how a command starts it

    def names_from(self, package: str) -> set[str]:
        """What it imports of a package, without the modules before it."""
        return {one.rpartition(".")[2] for one in self.imports if one.startswith(package)}

    def calls_of(self, names: Collection[str]) -> list[PythonCall]:
        """The calls that go by one of these names, with or without the module before it."""
        return [call for call in self.calls if call.called in names]
