"""What a script has of a module beside it: its constants, and what its functions set of their arguments."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.located import Items, Table
from lrviz.inputs.foreign.python.python_changes import CHANGING, SETATTR, dotted
from lrviz.inputs.foreign.source import Imported, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.python.python_changes import Function


@dataclass(frozen=True)
class ModuleBeside:
    """A module that a script imports: its names at the end of it, and its functions."""

    names: Table = field(default_factory=Table)
    functions: dict[str, Function] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Table, tree: ast.Module) -> ModuleBeside:
        """One that is read."""
        classes = (one.name for one in tree.body if isinstance(one, ast.ClassDef))
        for name in [one for one in classes if not getattr(names.get(one), "is_class", False)]:
            names.pop(name, None)
        functions = (one for one in tree.body if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)))
        return cls(names, {one.name: one for one in functions})

    def constant(self, name: str, otherwise: Imported) -> Any:
        """A number, a text, a table or a list of it; what else it may be is imported."""
        value = self.names.get(name, otherwise)
        is_one = isinstance(value, (bool, int, float, str, Table, Items, Unknown))
        return value if is_one else otherwise


def path_of_module(name: str) -> str:
    """Where a module lies, without its suffix, seen from the folder of who imports it: ``../pkg/conf``."""
    level = len(name) - len(name.lstrip("."))
    return "../" * (level - 1) + name[level:].replace(".", "/")


def set_of(function: Function, argument: str) -> Iterator[str | None]:
    """The attributes that a function sets of an argument; None where nobody knows which."""
    for one in ast.walk(function):
        if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Store):
            if dotted(one.value) == argument:
                yield one.attr
        elif isinstance(one, ast.Call):
            yield from _set_by(one, argument)


def _set_by(call: ast.Call, argument: str) -> Iterator[str | None]:
    """``setattr(args, "lr", …)``, ``vars(args).update(…)``, ``args.__dict__.update(…)``."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if dotted(call.func).rpartition(".")[2] in SETATTR and len(call.args) == 3:
        key = call.args[1]
        if dotted(call.args[0]) == argument:
            yield str(key.value) if isinstance(key, ast.Constant) else None
    elif owner is not None and isinstance(call.func, ast.Attribute) and call.func.attr in CHANGING:
        inner = owner.args[0] if isinstance(owner, ast.Call) and owner.args else owner
        is_vars = isinstance(owner, ast.Call) and dotted(owner.func) == "vars" and dotted(inner) == argument
        if is_vars or dotted(owner) == f"{argument}.__dict__":
            yield None
