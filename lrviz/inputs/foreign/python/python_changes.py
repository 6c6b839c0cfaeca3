"""Which names a part of a Python file may change when it runs."""

from __future__ import annotations

import ast
from typing import TypeAlias

from lrviz.inputs.foreign.python.call_syntax import dotted, method_of, text_of

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
READING = frozenset({"count", "format", "index", "keys", "split"})
"""Methods that leave their object as it is."""
GIVING = frozenset({"copy", "get", "items", "values"})
"""Methods that do so too, but give a part of it, which may be changed later."""
CHANGING = frozenset({"update", "setdefault", "pop", "popitem", "clear"})
"""Methods that change a dict."""
_ADDING = frozenset({"append", "extend", "insert", "update", "setdefault"})
SETATTR = frozenset({"setattr", "__setattr__"})


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


def keys_set(node: ast.AST, name: str) -> set[str] | None:
    """The keys of a dict that are set below a node; None where it is changed in other ways too."""
    found: set[str] = set()
    for one in ast.walk(node):
        keys: list[object] = []
        if isinstance(one, ast.Subscript) and isinstance(one.ctx, ast.Store) and _first(one) == name:
            keys = [text_of(one.slice) if isinstance(one.value, ast.Name) else None]
        elif isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Store) and _first(one) == name:
            keys = [None]
        elif isinstance(one, (ast.Attribute, ast.Subscript)) and isinstance(one.ctx, ast.Del):
            keys = [None] * (_first(one) == name)
        elif isinstance(one, ast.Call) and _changes_its_object(one.func) and _first(one.func) == name:
            keys = _updated(one, name)
        if None in keys:
            return None
        found |= {str(key) for key in keys}
    return found


def _updated(call: ast.Call, name: str) -> list[object]:
    """The keys of ``cfg.update(lr=1e-3)``; None among them where it may set others."""
    if dotted(call.func) != f"{name}.update":
        return [None]
    tables = [
        [text_of(key) for key in one.keys] if isinstance(one, ast.Dict) else [None] for one in call.args
    ]
    return [*(one.arg for one in call.keywords), *(key for table in tables for key in table)]


def assigned_attributes(module: ast.Module) -> dict[str, int]:
    """The attributes that are set on a name, ``args.lr = …``, and the first line that does."""
    found: dict[str, int] = {}
    for one in ast.walk(module):
        if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Store):
            found[one.attr] = min(one.lineno, found.get(one.attr, one.lineno))
    return found


def written_places(module: ast.Module) -> dict[str, int]:
    """What is set, or added to, within an object, ``a.b['c']``, as it is written, and its first line."""
    found: dict[str, int] = {}
    for one in ast.walk(module):
        node: ast.expr | None = None
        if isinstance(one, ast.Call) and method_of(one) in _ADDING:
            node = one.func
        elif isinstance(one, (ast.Attribute, ast.Subscript)) and isinstance(one.ctx, ast.Store):
            node = one
        if node is not None:
            text = ast.unparse(node)
            found[text] = min(node.lineno, found.get(text, node.lineno))
    return found


def captured(node: ast.AST) -> set[str]:
    """The names that ``except … as`` and the patterns of ``case`` set below a node."""
    found = set()
    for one in ast.walk(node):
        if isinstance(one, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and one.name:
            found.add(one.name)
        elif isinstance(one, ast.MatchMapping) and one.rest:
            found.add(one.rest)
    return found


def changed_by_functions(module: ast.Module) -> dict[str, bool]:
    """The names of a file that its functions set (True), or of which they change a part (False)."""
    found: dict[str, bool] = {}
    for node in ast.walk(module):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            shared = {name for one in ast.walk(node) if isinstance(one, ast.Global) for name in one.names}
            own = {one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg)}
            names, parts = changes(node)
            inner = {
                one
                for part in ast.walk(node)
                if isinstance(part, ast.comprehension)
                for one in changes(part)[0]
            }
            found |= dict.fromkeys(parts - (names - shared - inner) - own - found.keys(), False)
            found |= dict.fromkeys(shared, True)
    return found


def _changes_its_object(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and function.attr not in READING | GIVING


def _first(node: ast.AST) -> str:
    return dotted(node).partition(".")[0].rstrip("[]()")
