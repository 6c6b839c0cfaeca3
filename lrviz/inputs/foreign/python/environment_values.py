"""What a script makes of variables of its environment, as numbers and texts in their places."""

from __future__ import annotations

import ast
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.call_syntax import dotted, text_of
from lrviz.inputs.foreign.python.located import Spoiled
from lrviz.inputs.foreign.python.python_expressions import Expressions
from lrviz.inputs.foreign.unknown import Imported, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.environment import Environment

_TABLES, _GETTERS = ("os.environ", "environ"), ("os.getenv", "getenv")
_NAMES = {"os": "os", "environ": "os.environ", "getenv": "os.getenv"}
_SETTING = ("load_dotenv", "putenv")
_CHANGING = ("setdefault", "update", "pop", "popitem", "clear")
"""Methods of a dict, as ``os.environ`` is one; a progress bar has an ``update`` too."""


def with_variables(module: ast.Module, environment: Environment) -> ast.Module:
    """The script with ``int(os.environ.get("EPOCHS", 3))`` as 3, where nothing in it sets a variable so."""
    nodes = [*ast.walk(module)]
    if not any(map(_is_of_environment, nodes)) or _may_set(nodes):
        return module
    for name in _set_in(nodes):
        environment.known[name] = Unknown(f"${name}, which it sets")
    reader = Expressions("", Spoiled(), environment.given)
    reader.environment = environment
    for name, full in _NAMES.items():
        reader.bind(name, Imported(full, name=full), 0)
    changed: ast.Module = _Values(reader).visit(deepcopy(module))
    return changed


class _Values(ast.NodeTransformer):
    """Each expression as a whole that is made of a variable, as what it is."""

    def __init__(self, reader: Expressions) -> None:
        self.reader = reader

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, (ast.Call, ast.BoolOp)) and any(map(_is_of_environment, ast.walk(node))):
            value = self.reader.visit(node)
            if isinstance(value, (int, float, str)):
                return ast.copy_location(ast.Constant(value), node)
        return self.generic_visit(node)


def _is_of_environment(node: ast.AST) -> bool:
    return isinstance(node, (ast.Name, ast.Attribute)) and dotted(node) in (*_TABLES, *_GETTERS)


def _may_set(nodes: list[ast.AST]) -> bool:
    """Whether a call may set any of them, or a line joins others to them."""
    tables = {*_TABLES, *_other_names(nodes)}
    return any(_changes(one, tables) for one in nodes)


def _changes(node: ast.AST, tables: set[str]) -> bool:
    match node:
        case ast.Call():
            on, _, method = dotted(node.func).rpartition(".")
            return method in _SETTING or (method in _CHANGING and on in tables)
        case ast.AugAssign(target=target):
            return dotted(target) in tables
    return False


def _other_names(nodes: list[ast.AST]) -> Iterator[str]:
    """What else ``os.environ`` is called: ``env = os.environ``."""
    for one in nodes:
        match one:
            case ast.Assign(value=value) if dotted(value) in _TABLES:
                yield from map(dotted, one.targets)
            case ast.alias(name="environ", asname=str(name)):
                yield name
            case ast.alias(name="os", asname=str(name)):
                yield f"{name}.environ"


def _set_in(nodes: list[ast.AST]) -> Iterator[str]:
    """Those that a line sets: ``os.environ["EPOCHS"] = "5"``."""
    for one in nodes:
        if isinstance(one, ast.Subscript) and isinstance(one.ctx, ast.Store) and dotted(one.value) in _TABLES:
            yield text_of(one.slice) or ""
