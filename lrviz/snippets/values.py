"""The arguments of a schedule's constructor, written as Python."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from lrviz.catalogue.names import find_inner
from lrviz.catalogue.roles import Role
from lrviz.errors import ScheduleError

if TYPE_CHECKING:
    from lrviz.catalogue.registry import Entry

Inner = Callable[["Entry", Mapping[str, Any]], ast.expr]
"""How a schedule within another one is written."""

VARIABLES = ("epoch", "lr", "x", "frac", "t", "step")
"""What the catalogue's functions are of, in the order in which they are given."""


def call_of(name: str, positional: list[ast.expr], keywords: Mapping[str, ast.expr]) -> ast.Call:
    """The call of something by its name."""
    return ast.Call(ast.Name(name), positional, [ast.keyword(key, one) for key, one in keywords.items()])


def dict_of(items: Mapping[str, ast.expr]) -> ast.Dict:
    """A dict with text for keys."""
    return ast.Dict([ast.Constant(name) for name in items], list(items.values()))


def arguments_of(entry: Entry, params: Mapping[str, Any], inner: Inner) -> dict[str, ast.expr]:
    """The arguments that are not what the constructor assumes itself."""
    given = {name: value for name, value in params.items() if name in entry.params}
    return {
        name: value_of(entry, name, value, inner)
        for name, value in given.items()
        if entry.params[name].required or value != entry.params[name].default
    }


def value_of(entry: Entry, name: str, value: Any, inner: Inner) -> ast.expr:
    """A value of a parameter; a schedule in it is made by ``inner``.

    Raises:
        ScheduleError: it is a Python object that has no text.

    """
    if isinstance(value, Mapping):
        if value.keys() == {"schedule", "params"}:
            return inner(find_inner(entry, str(value["schedule"])), value["params"])
        return ast.Dict(
            [value_of(entry, name, key, inner) for key in value],
            [value_of(entry, name, one, inner) for one in value.values()],
        )
    if isinstance(value, (list, tuple)):
        return ast.List([value_of(entry, name, one, inner) for one in value])
    if isinstance(value, str) and entry.params[name].role is Role.FUNCTION:
        return _function(value)
    if isinstance(value, (int, float)) and value < 0:
        return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    if value is None or isinstance(value, (bool, int, float, str)):
        return ast.Constant(value)
    raise ScheduleError(
        f"{entry.id}: {name}={value!r} has no text of its own", hint="say it as an expression"
    )


def _function(text: str) -> ast.expr:
    """An expression as a function of what stands in it."""
    body = ast.parse(text.strip(), mode="eval").body
    if isinstance(body, ast.Lambda):
        return body
    free = {node.id for node in ast.walk(body) if isinstance(node, ast.Name)}
    found = [name for name in VARIABLES if name in free] or ["epoch"]
    arguments = ast.arguments([], [ast.arg(name) for name in found], None, [], [], None, [])
    return ast.Lambda(arguments, body)
