"""Environment variables that a file reads: set by it or its command, given, or left at a default."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.inputs.foreign.unknown import Imported, Unknown
from lrviz.notation.text import few

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_TABLE = "os.environ"
_GETTERS = ("os.environ.get", "os.getenv")
_LAUNCHED = re.compile(r"(LOCAL_|GROUP_|NODE_)?(WORLD_SIZE|RANK)|NNODES|(SLURM|OMPI|PMI|PBS|LSB)_.*")
"""What a launcher sets: its default is that of a run without one."""


class Start(NamedTuple):
    """How a command starts a file: the options behind it, the variables of its environment, other words.

    ``argv`` are all of its words in their order, as far as they are known. It ``is_whole`` where it has no
    other options, of its own or of a file; ``read`` gives the settings of a file by the name that the command
    or its script has for it, and none where it cannot be read.
    """

    options: Mapping[str, Any] = {}
    variables: Mapping[str, Any] = {}
    words: tuple[str, ...] = ()
    is_whole: bool = True
    read: Callable[[str], Mapping[str, Any]] = lambda _: {}
    argv: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unset(Unknown):
    """A variable that nobody sets, as far as is known: what stands behind its ``or`` counts."""


@dataclass
class Environment:
    """``given`` are the values of ``--given``, which win; ``known`` those that the command or the file sets.

    ``assumed`` are the numbers that count where nobody sets the variable, ``unset`` those looked for in vain.
    """

    given: Mapping[str, str] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)
    assumed: dict[str, Any] = field(default_factory=dict)
    unset: dict[str, bool] = field(default_factory=dict)

    def called(self, function: Any, method: str, arguments: Sequence[Any]) -> Any:
        """What ``os.getenv(…)`` gives; None where the call is another, or nobody knows of which variable."""
        if not isinstance(function, Imported):
            return None
        name = f"{function.name}.{method}" if method else function.name
        is_of_one = arguments and isinstance(arguments[0], str) and len(arguments) <= 2
        return self.value(*arguments) if name in _GETTERS and is_of_one else None

    def item(self, table: Any, key: Any) -> Any:
        """What ``os.environ[key]`` is; None where it is another table, or nobody sets that."""
        is_set = isinstance(key, str) and (key in self.known or key in self.given)
        return self.value(key) if self.is_it(table) and is_set else None

    def is_it(self, table: object) -> bool:
        """Whether this is ``os.environ``."""
        return isinstance(table, Imported) and table.name == _TABLE

    def value(self, name: str, default: object = None) -> Any:
        """A text, the default where nobody sets the variable, or Unset without one."""
        if name in self.given:
            return self.given[name]
        if name in self.known:
            return self.known[name]
        if _LAUNCHED.fullmatch(name):
            return Unknown(f"${name}", (name,))
        if default is None:
            return Unset(f"${name}", (name,))
        self.assume(name, default)
        return default

    def has(self, name: Any) -> bool | None:
        """Whether a variable is set; None where nobody knows. That it is not is said."""
        found = self.value(name) if isinstance(name, str) else Unknown("")
        if isinstance(found, Unset):
            self.unset[str(name)] = True
            return False
        return None if isinstance(found, Unknown) else True

    def assume(self, name: str, default: object) -> None:
        """Take the default of a variable, which is said where it is a number."""
        if _is_number(default):
            self.assumed[name] = default

    @property
    def notes(self) -> tuple[str, ...]:
        """What is said of the assumed ones."""
        values = few(
            [*(f"no {name}" for name in self.unset), *(f"{name}={one}" for name, one in self.assumed.items())]
        )
        return (f"{values} of its environment (assumed): --given says another",) if values else ()


def _is_number(value: Any) -> bool:
    """Whether it is a number, or a text that is one."""
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return not isinstance(value, bool)
