"""What a name, a text or a call in a script is written as: what is called, and with what."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

EXITS = ("sys.exit", "exit", "quit", "os._exit")
"""Calls that end a script."""


def dotted(node: ast.AST) -> str:
    """How a call's function is written: ``optim.SGD``, ``Learner().fit``."""
    ends = []
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            ends.append(f".{node.attr}")
            node = node.value
        elif isinstance(node, ast.Call):
            ends.append("()")
            node = node.func
        elif isinstance(node, ast.Subscript):
            ends.append("[]")
            node = node.value
        else:
            return "".join(reversed(ends))
    return node.id + "".join(reversed(ends))


def name_of(node: ast.AST | None) -> str:
    """The name that stands there alone; nothing of anything else."""
    return node.id if isinstance(node, ast.Name) else ""


def method_of(call: ast.Call) -> str:
    """The method that a call names; nothing of a function."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def called(call: ast.Call) -> str:
    """The last name of what is called, be it a function, a class or a method."""
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """What a call is given by a keyword."""
    return next((one.value for one in call.keywords if one.arg == name), None)


def given_to(call: ast.Call) -> list[ast.expr]:
    """All that a call is given, by place and by keyword."""
    return [*call.args, *(one.value for one in call.keywords)]


def text_of(node: ast.AST | None) -> str | None:
    """The text that stands there; None of anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def texts_of(nodes: Iterable[ast.AST | None]) -> list[str]:
    """Those among them that are texts."""
    return [text for one in nodes if (text := text_of(one)) is not None]


def listed_range(node: ast.AST) -> ast.expr | None:
    """The range of which that is a list, ``[i for i in range(9)]``, ``[*range(9)]``; None of any other."""
    match node:
        case ast.ListComp(
            elt=ast.Name(id=name),
            generators=[ast.comprehension(target=ast.Name(id=each), iter=over, ifs=[], is_async=0)],
        ) if name == each and _is_range(over):
            return over
        case ast.List(elts=[ast.Starred(value=over)]) if _is_range(over):
            return over
    return None


def _is_range(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="list"), args=[only], keywords=[]):
            return _is_range(only)
        case ast.Call(func=ast.Name(id="range"), keywords=[]):
            return True
    return False
