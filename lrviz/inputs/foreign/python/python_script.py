"""What a Python file does beside naming values: what it calls, trains and overrides."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping


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
