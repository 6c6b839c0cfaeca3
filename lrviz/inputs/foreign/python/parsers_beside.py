"""Functions of modules beside a script that add options to its parser: ``from params import parse_args``."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.python.call_syntax import called, dotted, method_of
from lrviz.inputs.foreign.python.modules_beside import Module, Modules

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PARSING = re.compile(r"arg|pars|option", re.IGNORECASE)


def parsers_beside(script: ast.Module, folder: Path) -> Iterator[tuple[str, ast.Module]]:
    """The files that a script, which imports from a folder, has options from, each with the functions."""
    module, modules = Module.of(script, folder), Modules(folder)
    wanted: dict[str, tuple[Module, set[str]]] = {}
    for call in ast.walk(script):
        if isinstance(call, ast.Call) and _PARSING.search(called(call)):
            for found, name in _imported(dotted(call.func), module, modules):
                wanted.setdefault(found.file, (found, set()))[1].add(name)
    for file, (found, names) in wanted.items():
        functions = [*_called(found.tree, names)]
        if any(isinstance(one, ast.Call) and method_of(one) == "add_argument" for one in _nodes(functions)):
            yield file, ast.Module(functions, [])


def _imported(function: str, module: Module, modules: Modules) -> Iterator[tuple[Module, str]]:
    """The module beside it that a function is of, and what it is called there."""
    first, _, rest = function.partition(".")
    for origin in module.origins.get(first, ()):
        whole = ".".join(filter(None, (origin.module, origin.what, rest)))
        name, _, what = whole.rpartition(".")
        if found := modules.open(name, module.folder):
            yield found, what


def _called(tree: ast.Module, names: set[str]) -> Iterator[ast.stmt]:
    """The functions of these names, and those that they call in turn."""
    own = {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef)}
    seen: set[str] = set()
    left = names & own.keys()
    while left:
        seen |= left
        yield from (own[name] for name in left)
        calls = (one for one in _nodes([own[name] for name in left]) if isinstance(one, ast.Call))
        left = ({called(one) for one in calls} & own.keys()) - seen


def _nodes(statements: list[ast.stmt]) -> Iterator[ast.AST]:
    return (node for one in statements for node in ast.walk(one))
