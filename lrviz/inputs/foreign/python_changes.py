"""Which names a part of a Python file may change when it runs."""

from __future__ import annotations

import ast

from lrviz.inputs.foreign.python_expressions import READING, dotted


def changes(node: ast.AST) -> tuple[set[str], set[str]]:
    """The names set below a node, and those of which a part is set or a method called."""
    names, parts = set(), set()
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load):
            names.add(one.id)
        elif isinstance(one, (ast.Attribute, ast.Subscript)) and not isinstance(one.ctx, ast.Load):
            parts.add(_first(one))
        elif isinstance(one, ast.Call) and _changes_its_object(one.func):
            parts.add(_first(one.func))
    return names, parts


def changed_by_functions(module: ast.Module) -> dict[str, bool]:
    """The names of a file that its functions set (True), or of which they change a part (False)."""
    found: dict[str, bool] = {}
    for node in ast.walk(module):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            shared = {name for one in ast.walk(node) if isinstance(one, ast.Global) for name in one.names}
            own = {one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg)}
            names, parts = changes(node)
            found |= dict.fromkeys(parts - (names - shared) - own - found.keys(), False)
            found |= dict.fromkeys(shared, True)
    return found


def _changes_its_object(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and function.attr not in READING


def _first(node: ast.AST) -> str:
    return dotted(node).partition(".")[0].rstrip("[]()")
