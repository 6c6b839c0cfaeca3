"""Functions of other modules that may give the groups of an optimizer LRs of their own."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.python.call_syntax import called, dotted, keyword
from lrviz.inputs.foreign.python.imported_classes import is_of_library
from lrviz.inputs.foreign.python.modules_beside import Module, Modules
from lrviz.inputs.foreign.python.own_optimizers import grouped_at
from lrviz.inputs.foreign.python.script_syntax import DEEPEST, assigned

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PASSED_ON = frozenset({"list", "tuple", "sorted", "reversed", "filter", "chain", "iter"})
"""Functions that give what they are given."""


def group_makers(module: ast.Module, folder: Path, modules: Modules) -> dict[int, str]:
    """The function that makes what an optimizer is given first, by the line that makes the optimizer.

    It is one of a module that is not here, or that makes such a group.
    """
    script, found, made = Module.of(module, folder), dict[int, str](), _Made(module)
    for one in (one for one in ast.walk(module) if isinstance(one, ast.Call)):
        first = _first(one)
        for call in made.by(first) if first is not None else ():
            name = dotted(call.func)
            origins = script.origins.get(name.partition(".")[0], [])
            if any(_may_group(origin.module, folder, modules) for origin in origins):
                found.setdefault(one.lineno, f"{name} in line {call.lineno}")
    return found


def _first(call: ast.Call) -> ast.expr | None:
    """What a class is given that may be an optimizer's; a Trainer's is a model."""
    if not called(call)[:1].isupper() or called(call).endswith("Trainer"):
        return None
    return keyword(call, "params") or next(iter(call.args), None)


def _may_group(name: str, folder: Path, modules: Modules) -> bool:
    beside = modules.open(name, folder)
    return not is_of_library(name) if beside is None else bool(grouped_at(beside.tree))


class _Made:
    """The calls that make a value, through the names and the functions of a file."""

    def __init__(self, module: ast.Module) -> None:
        self._values = assigned(module)
        self._returned: dict[str, list[ast.expr]] = {}
        for function in (one for one in ast.walk(module) if isinstance(one, ast.FunctionDef)):
            returned = (one.value for one in ast.walk(function) if isinstance(one, ast.Return))
            self._returned.setdefault(function.name, []).extend(one for one in returned if one)

    def by(self, node: ast.expr, depth: int = 0) -> Iterator[ast.Call]:
        """Those of a value, or of the parts of a list; not of the parameters in a group's dict."""
        if isinstance(node, ast.Call):
            yield node
        for part in self._parts(node) if depth < DEEPEST else ():
            yield from self.by(part, depth + 1)

    def _parts(self, node: ast.expr) -> list[ast.expr]:
        match node:
            case ast.Name() | ast.Attribute():
                return self._values.get(ast.unparse(node), [])
            case ast.Call():
                passed = node.args if called(node) in _PASSED_ON else []
                return [*passed, *self._returned.get(called(node), [])]
            case ast.ListComp(elt=part, generators=loops) | ast.GeneratorExp(elt=part, generators=loops):
                return [part, *(one.iter for one in loops)]
            case ast.Dict() | ast.Lambda():
                return []
        return [one for one in ast.iter_child_nodes(node) if isinstance(one, ast.expr)]
