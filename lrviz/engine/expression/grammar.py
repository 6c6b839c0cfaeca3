"""The whitelist: Python's syntax, read into the nodes of an expression or refused by name."""

from __future__ import annotations

import ast
import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lrviz.engine.expression.tree import (
    BUILTIN,
    MATH,
    Choose,
    Constant,
    Node,
    Shortcut,
    Variable,
    apply,
    join_kinds,
)
from lrviz.errors import ScheduleError
from lrviz.notation.nearest import nearest
from lrviz.notation.step_names import STEP_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_DEEPEST = 100  # levels of syntax, far within Python's recursion limit
_LONGEST = 2000  # numbers, names and operations

_NUMBERS = {"pi": math.pi, "e": math.e, "inf": math.inf}
_FUNCTIONS = sorted({*MATH, *BUILTIN})
_MOST_ARGUMENTS: Mapping[str, float] = {"log": 2, "min": math.inf, "max": math.inf, "pow": 2}
_LEAST_ARGUMENTS: Mapping[str, int] = {"min": 2, "max": 2, "pow": 2}

_UNARY: Mapping[type, str] = {ast.USub: "neg", ast.UAdd: "pos", ast.Not: "not"}
_BINARY: Mapping[type, str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
}  # fmt: skip
_COMPARISONS: Mapping[type, str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip


def read(text: str, variables: tuple[str, ...]) -> tuple[tuple[str, ...], Node]:
    """The variables (a lambda's own, if the text is one) and the tree of an expression.

    Raises:
        ScheduleError: something in it is not allowed, or a name unknown.

    """
    syntax = _syntax(text, variables)
    if isinstance(syntax, ast.Lambda):
        variables = _lambda_variables(text, syntax.args, variables)
        syntax = syntax.body
    return variables, _Reader(text, variables).node(syntax)


def _syntax(text: str, variables: tuple[str, ...]) -> ast.expr:
    try:
        with warnings.catch_warnings(action="ignore"):  # Python's opinion on '1if epoch else 2'
            syntax = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        hint = f"write it as in Python, such as {_example(variables)!r}"
        raise ScheduleError(f"{text!r} is not an expression", hint=hint) from None
    size = sum(isinstance(node, ast.expr) for node in ast.walk(syntax))
    if size > _LONGEST:
        raise ScheduleError(
            f"the expression {text[:40] + '...'!r} has {size} numbers, names and operations,"
            f" more than {_LONGEST}",
            hint=f"write it shorter, such as {_example(variables)!r}; in Python, give a function",
        )
    level: list[ast.AST] = [syntax]
    for _ in range(_DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    if level:
        raise ScheduleError(
            f"the expression {text[:40] + '...'!r} is nested more than {_DEEPEST} levels deep",
            hint="write a long sum or choice as pairs of shorter ones in brackets",
        )
    return syntax


def _example(variables: tuple[str, ...]) -> str:
    return f"0.95**{variables[0]}" if variables else "0.95"


def _lambda_variables(text: str, args: ast.arguments, variables: tuple[str, ...]) -> tuple[str, ...]:
    names = tuple(arg.arg for arg in (*args.posonlyargs, *args.args))
    plain = not (args.vararg or args.kwarg or args.kwonlyargs or args.defaults)
    if plain and len(names) == len(variables) == len(set(names)):
        return names
    raise ScheduleError(
        f"the arguments of {text!r} do not fit: it is called with {', '.join(variables)}",
        hint=f"start it with 'lambda {', '.join(variables)}:'",
    )


@dataclass(frozen=True)
class _Reader:
    """Makes nodes of Python's syntax, and refuses what is not on the list."""

    text: str
    variables: tuple[str, ...]

    def node(self, syntax: ast.expr) -> Node:
        read = _READERS.get(type(syntax))
        if read is None:
            raise self.refuse(syntax)
        return read(self, syntax)

    def constant(self, syntax: ast.Constant) -> Node:
        if isinstance(syntax.value, int | float):
            return Constant(syntax.value)
        raise self.refuse(syntax)

    def name(self, syntax: ast.Name) -> Node:
        if syntax.id in self.variables:
            return Variable(syntax.id)
        return Constant(
            _NUMBERS[self.known(syntax.id, "name", list(dict.fromkeys([*self.variables, *_NUMBERS])))]
        )

    def attribute(self, syntax: ast.Attribute) -> Node:
        return Constant(_NUMBERS[self.known(self.member(syntax), "number of math", [*_NUMBERS])])

    def unary(self, syntax: ast.UnaryOp) -> Node:
        return apply(self.operator(_UNARY, syntax.op, syntax), self.node(syntax.operand))

    def binary(self, syntax: ast.BinOp) -> Node:
        operation = self.operator(_BINARY, syntax.op, syntax)
        return apply(operation, self.node(syntax.left), self.node(syntax.right))

    def comparison(self, syntax: ast.Compare) -> Node:
        nodes = [self.node(part) for part in (syntax.left, *syntax.comparators)]
        names = [self.operator(_COMPARISONS, op, syntax) for op in syntax.ops]
        pairs = [apply(*parts) for parts in zip(names, nodes[:-1], nodes[1:], strict=True)]
        return _shortcut(pairs, stops_at=False)

    def boolean(self, syntax: ast.BoolOp) -> Node:
        return _shortcut([self.node(part) for part in syntax.values], stops_at=isinstance(syntax.op, ast.Or))

    def choice(self, syntax: ast.IfExp) -> Node:
        test, then, otherwise = (self.node(part) for part in (syntax.test, syntax.body, syntax.orelse))
        return Choose(test, then, otherwise, join_kinds([then, otherwise]))

    def call(self, syntax: ast.Call) -> Node:
        name = self.function(syntax.func)
        count, least, most = len(syntax.args), _LEAST_ARGUMENTS.get(name, 1), _MOST_ARGUMENTS.get(name, 1)
        if syntax.keywords or not least <= count <= most:
            wanted = f"{least} or more" if most == math.inf else "1 or 2" if most > least else f"{least}"
            hint = f"{name} takes {wanted} plain value{'s' if wanted != '1' else ''}"
            raise ScheduleError(f"{self.source(syntax)!r} cannot be called so", hint=hint)
        arguments = [self.node(argument) for argument in syntax.args]
        if name == "log" and count == 2:  # what math.log does
            return apply("/", *(apply("log", argument) for argument in arguments))
        builtin_power = name == "pow" and isinstance(syntax.func, ast.Name)
        return apply("**" if builtin_power else name, *arguments)

    def function(self, syntax: ast.expr) -> str:
        match syntax:
            case ast.Name(id=name):
                self.unless_variable(name, "called")
                return self.known(name, "function", _FUNCTIONS)
            case ast.Attribute():
                return self.known(self.member(syntax), "function of math", sorted(MATH))
            case _:
                raise self.refuse(syntax)

    def member(self, syntax: ast.Attribute) -> str:
        if isinstance(syntax.value, ast.Name) and syntax.value.id == "math":
            self.unless_variable("math", f"asked for {syntax.attr}")
            return syntax.attr
        raise self.refuse(syntax)

    def unless_variable(self, name: str, use: str) -> None:
        """A variable hides what else has its name, as in Python."""
        if name in self.variables:
            raise ScheduleError(
                f"in {self.text!r} {name} is a number, and a number cannot be {use}",
                hint=f"name the tick otherwise, as in 'lambda epoch: {self.text.partition(':')[2].strip()}'",
            )

    def operator(self, names: Mapping[type, str], operation: ast.AST, syntax: ast.expr) -> str:
        if type(operation) not in names:
            raise self.refuse(syntax)
        return names[type(operation)]

    def known(self, name: str, what: str, names: list[str]) -> str:
        if name in names:
            return name
        is_tick = what == "name" and self.variables and name in STEP_NAMES
        near = self.variables[0] if is_tick else nearest(name, names)
        hint = f"did you mean {near!r}? " if near else ""
        raise ScheduleError(
            f"unknown {what} {name!r} in the expression {self.text!r}",
            hint=f"{hint}there are {', '.join(names)}",
        )

    def source(self, syntax: ast.expr) -> str:
        return ast.get_source_segment(self.text, syntax) or self.text

    def refuse(self, syntax: ast.expr) -> ScheduleError:
        return ScheduleError(
            f"{self.source(syntax)!r} is not allowed in the expression {self.text!r}",
            hint=f"there are numbers, {', '.join(self.variables)}, + - * / // % **, comparisons, and, or, "
            f"not, 'a if test else b', {', '.join(_NUMBERS)}, {', '.join(_FUNCTIONS)}",
        )


def _shortcut(nodes: list[Node], *, stops_at: bool) -> Node:
    """All of them in order, folded by halves: a long chain is not a deep one."""
    if len(nodes) == 1:
        return nodes[0]
    middle = len(nodes) // 2
    left, right = (_shortcut(half, stops_at=stops_at) for half in (nodes[:middle], nodes[middle:]))
    return Shortcut(left, right, stops_at, join_kinds(nodes))


_READERS: Mapping[type, Callable[[_Reader, Any], Node]] = {
    ast.Constant: _Reader.constant,
    ast.Name: _Reader.name,
    ast.Attribute: _Reader.attribute,
    ast.UnaryOp: _Reader.unary,
    ast.BinOp: _Reader.binary,
    ast.Compare: _Reader.comparison,
    ast.BoolOp: _Reader.boolean,
    ast.IfExp: _Reader.choice,
    ast.Call: _Reader.call,
}
