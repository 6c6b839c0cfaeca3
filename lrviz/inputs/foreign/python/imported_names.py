"""What a script has of a module beside it: its constants, its functions and classes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.located import Items, Table
from lrviz.inputs.foreign.python.namespaces import Definitions
from lrviz.inputs.foreign.unknown import Imported, Unknown

if TYPE_CHECKING:
    import ast


@dataclass(frozen=True)
class ModuleBeside:
    """A module that a script imports: its names at the end of it, and what it defines."""

    names: Table = field(default_factory=Table)
    definitions: Definitions = field(default_factory=Definitions)
    is_read: bool = False

    @classmethod
    def of(cls, names: Table, tree: ast.Module) -> ModuleBeside:
        """One that is read."""
        found = Definitions.of(tree)
        for name in [one for one in found.classes if not getattr(names.get(one), "is_class", False)]:
            names.pop(name, None)
        return cls(names, found, is_read=True)

    def constant(self, name: str, otherwise: Imported) -> Any:
        """A number, a text, a table or a list of it; what else it may be is imported."""
        value = self.names.get(name, otherwise)
        is_one = isinstance(value, (bool, int, float, str, Table, Items, Unknown))
        return value if is_one else otherwise


def path_of_module(name: str) -> str:
    """Where a module lies, without its suffix, seen from the folder of who imports it: ``../pkg/conf``."""
    level = len(name) - len(name.lstrip("."))
    return "../" * (level - 1) + name[level:].replace(".", "/")
