"""Functions of a Python file that change the arguments of a Trainer which they are given."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.inputs.foreign.python.derived_arguments import DerivedArguments
from lrviz.inputs.foreign.python.located import Table
from lrviz.inputs.foreign.python.python_arguments import are_arguments
from lrviz.inputs.foreign.source import PythonCall, Unknown

if TYPE_CHECKING:
    from collections import ChainMap


_MOST_CALLS = 1000
"""Functions that call each other again and again are followed no further."""


class Body(NamedTuple):
    """A function, and the names around it."""

    node: ast.FunctionDef | ast.AsyncFunctionDef
    scope: ChainMap[str, Any]


class HandedArguments(DerivedArguments, ast.NodeVisitor):
    """What changes the arguments of a Trainer, also in functions: ``def tweak(args): args.max_steps = 5``.

    The lines of those that are ``followed`` are read as they are called, the innermost last.
    """

    def __init__(self, *words: Any, **said: Any) -> None:
        super().__init__(*words, **said)
        self.bodies: dict[str, Body] = {}
        self.followed: list[str] = []
        self.calls_left = _MOST_CALLS

    def made_by(self, node: ast.Call, made: Any) -> Any:
        """What a call gives; a function that returns the arguments it is given gives those."""
        found = super().made_by(node, made)
        body = self.body_of(node)
        if body is None or self.calls_left <= 0 or not isinstance(made, PythonCall):
            return found
        values = {**unsaid_of(body.node), **values_of(body.node, made)}
        handed = {key: one for key, one in values.items() if are_arguments(one)}
        if not handed:
            return found
        names = {id(self.object_of(one)): one for one in [*node.args, *(key.value for key in node.keywords)]}
        is_sure = all(self.is_always(one, name_of(names.get(id(one)))) for one in handed.values())
        self._follow(body, values, is_sure=is_sure)
        returned = {name_of(one.value) for one in ast.walk(body.node) if isinstance(one, ast.Return)}
        return handed.get(returned.pop(), found) if len(returned) == 1 else found

    def _follow(self, body: Body, values: dict[str, Any], *, is_sure: bool) -> None:
        """What a function changes as it is called; its calls are read where it stands."""
        outer, calls = (self.sure, self.may_be, self._called), len(self.calls)
        self._called = dict(self._called)
        self.sure, self.may_be = False, self.may_be or not is_sure
        self.calls_left -= 1
        self.read_body(body, values)
        self.sure, self.may_be, self._called = outer
        del self.calls[calls:]

    def body_of(self, node: ast.Call) -> Body | None:
        """The file's own function that a call names; None where it is none, or calls itself."""
        name = name_of(node.func)
        return None if name in self.followed else self.bodies.get(name)

    def read_body(self, body: Body, values: dict[str, Any]) -> None:
        """Read the lines of a function with these values of its names."""
        outer = self.scope
        self.scope = body.scope.new_child(Table())
        self.followed.append(body.node.name)
        for key, value in values.items():
            self.bind(key, value, body.node.lineno)
        self.visit_all(body.node.body)
        self.followed.pop()
        self.scope = outer


def values_of(function: ast.FunctionDef | ast.AsyncFunctionDef, made: PythonCall) -> dict[str, Any]:
    """What the names of a function are given by a call."""
    placed = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    named = [one.arg for one in function.args.kwonlyargs]
    given = {**dict(zip(placed, made.arguments, strict=False)), **made.keywords}
    return {key: given[key] for key in (*placed, *named) if key in given}


def unsaid_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, Unknown]:
    """The names of a function, as nobody knows them who does not see its call."""
    args = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    return {one.arg: Unknown(f"an argument of {function.name}", (one.arg,)) for one in args}


def name_of(node: ast.AST | None) -> str:
    """The name that stands there alone; nothing of anything else."""
    return node.id if isinstance(node, ast.Name) else ""
