"""Functions of a Python file that change the arguments of a Trainer which they are given."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.inputs.foreign.python.call_syntax import given_to, name_of
from lrviz.inputs.foreign.python.derived_arguments import DerivedArguments
from lrviz.inputs.foreign.python.located import Table
from lrviz.inputs.foreign.python.python_arguments import are_arguments
from lrviz.inputs.foreign.python.python_script import PythonCall
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections import ChainMap
    from collections.abc import Iterable, Mapping

    from lrviz.inputs.foreign.python.python_changes import Function

_MOST_CALLS = 1000
"""Functions that call each other again and again are followed no further."""


class Body(NamedTuple):
    """A function, and the names around it."""

    node: Function
    scope: ChainMap[str, Any]


class HandedArguments(DerivedArguments, ast.NodeVisitor):
    """What changes the arguments of a Trainer, also in functions: ``def tweak(args): args.max_steps = 5``.

    The lines of those that are ``followed`` are read as they are called, the innermost last.
    """

    def __init__(self, *words: Any, **said: Any) -> None:
        super().__init__(*words, **said)
        self.bodies: dict[str, Body] = {}
        self.followed: list[str] = []
        self.read_bodies: set[str] = set()
        self.as_called: dict[str, dict[str, Table]] = {}
        self._returned: list[Any] = []
        self._is_over = False
        self._depth: list[int] = []
        self.calls_left = _MOST_CALLS

    def made_by(self, node: ast.Call, made: Any) -> Any:
        """What a call gives; a function that returns the arguments it is given gives those."""
        found = super().made_by(node, made)
        body = self.body_of(node)
        if body is None or self.calls_left <= 0 or not isinstance(made, PythonCall):
            return found
        parsed = self._parsed_for(body.node, node)
        values = {**self.unsaid_in(body.node), **values_of(body.node, made), **parsed}
        handed = {key: one for key, one in values.items() if are_arguments(one)} | parsed
        if not handed:
            return found
        self._note_parsed(body.node.name, parsed)
        names = {id(self.object_of(one)): one for one in given_to(node)}
        is_sure = all(self.is_always(one, name_of(names.get(id(one)))) for one in handed.values())
        self._follow(body, values, is_sure=is_sure)
        returned = {name_of(one.value) for one in ast.walk(body.node) if isinstance(one, ast.Return)}
        return handed.get(returned.pop(), found) if len(returned) == 1 else found

    def _parsed_for(self, function: Function, call: ast.Call) -> dict[str, Table]:
        """Of what a call gives to the names of a function, what a parser gave."""
        named = {one.arg: one.value for one in call.keywords if one.arg}
        placed = zip((*function.args.posonlyargs, *function.args.args), call.args, strict=False)
        given = {**{one.arg: value for one, value in placed}, **named}
        found = {key: self.object_of(value) for key, value in given.items()}
        return {key: one for key, one in found.items() if isinstance(one, Table) and one.is_parsed}

    def _note_parsed(self, function: str, given: Mapping[str, Table]) -> None:
        """Keep what a function is given as it is now; what its calls differ in is unknown."""
        known = self.as_called.setdefault(function, {})
        for key, table in given.items():
            known[key] = either(known[key], table) if key in known else table.as_parsed()

    def _follow(self, body: Body, values: dict[str, Any], *, is_sure: bool) -> None:
        """What a function changes as it is called; its calls are read where it stands."""
        outer, calls = (self.sure, self.may_be, self._called), len(self.calls)
        self._called = dict(self._called)
        self.sure, self.may_be = False, self.may_be or not is_sure
        self.calls_left -= 1
        self.read_body(body, values)
        self.sure, self.may_be, self._called = outer
        self.drop_calls(calls)

    def drop_calls(self, first: int) -> None:
        """Pass over the calls of a function that is read again, and what is trained with them."""
        gone = {id(one) for one in self.calls[first:]}
        del self.calls[first:]
        kept = {line: one for line, one in self.trainings.items() if id(one.arguments) not in gone}
        self.trainings = kept

    def unsaid_in(self, function: Function) -> dict[str, Any]:
        """What the arguments of a function are that no call says: their defaults, if they have any."""
        args = function.args
        placed = reversed((*args.posonlyargs, *args.args))
        pairs = [*zip(placed, reversed(args.defaults), strict=False)]
        pairs += [(key, one) for key, one in zip(args.kwonlyargs, args.kw_defaults, strict=True) if one]
        every = (*args.posonlyargs, *args.args, *args.kwonlyargs)
        unsaid = {one.arg: Unknown(f"an argument of {function.name}", (one.arg,)) for one in every}
        return unsaid | {key.arg: self.visit(value) for key, value in pairs}

    def body_of(self, node: ast.Call) -> Body | None:
        """The file's own function that a call names; None where it is none, or calls itself."""
        name = name_of(node.func)
        return None if name in self.followed else self.bodies.get(name)

    def read_body(self, body: Body, values: dict[str, Any]) -> list[Any]:
        """Read the lines of a function with these values of its names; what it may return."""
        outer = self.scope, self.may_be, self._returned, self._is_over
        self.scope, self._returned, self._is_over = body.scope.new_child(Table()), [], False
        self.followed.append(body.node.name)
        for key, value in values.items():
            self.bind(key, value, body.node.lineno)
        self._depth.append(len(self.scope.maps))
        self.visit_all(body.node.body)
        self._depth.pop()
        self.followed.pop()
        returned = self._returned
        self.scope, self.may_be, self._returned, self._is_over = outer
        return returned

    def visit_all(self, nodes: Iterable[ast.AST | None]) -> list[Any]:
        """The values of several expressions, or of lines, of which none runs behind a ``return``."""
        return [self.visit(node) for node in nodes if node is not None and not self._is_over]

    def visit_Return(self, node: ast.Return) -> None:
        """The end of a function that is followed; behind one that may be it nothing is sure."""
        value = None if node.value is None else self.visit(node.value)
        self._returned.append(value)
        if self.followed:
            self._is_over = len(self.scope.maps) == self._depth[-1]
            self.may_be = self.may_be or not self._is_over


def values_of(function: Function, made: PythonCall) -> dict[str, Any]:
    """What the names of a function are given by a call."""
    placed = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    named = [one.arg for one in function.args.kwonlyargs]
    given = {**dict(zip(placed, made.arguments, strict=False)), **made.keywords}
    return {key: given[key] for key in (*placed, *named) if key in given}


def either(one: Table, other: Table) -> Table:
    """What was parsed, where it is one of two; what they differ in is unknown."""
    found = one.as_parsed()
    for key, value in other.items():
        if key not in one or found[key] != value:
            why = value if isinstance(value, Unknown) else Unknown(f"{key}, which is one of two", (str(key),))
            found.put(key, why, other.places[key])
    return found


def defaults_of(node: Function) -> dict[str, Any]:
    """The defaults of a function's arguments that are written out."""
    placed = [*node.args.posonlyargs, *node.args.args]
    pairs = [*zip(reversed(placed), reversed(node.args.defaults), strict=False)]
    pairs += [
        (one, value) for one, value in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if value
    ]
    return {one.arg: value.value for one, value in pairs if isinstance(value, ast.Constant)}
