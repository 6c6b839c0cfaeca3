"""What an expression is made of, and what Python makes of it at one tick."""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Number: TypeAlias = int | float
Kinds: TypeAlias = frozenset[type]  # the Python types a value may have: int (bool is one), float, or both

INT: Kinds = frozenset({int})
FLOAT: Kinds = frozenset({float})

# In bits: far beyond any float. Python would spend hours and gigabytes on 9**9**9, and seconds on quotients.
_LONGEST_INTEGER = 1 << 12


@dataclass(frozen=True, slots=True)
class Constant:
    """A number."""

    value: Number

    @property
    def kinds(self) -> Kinds:
        """Int or float."""
        return INT if isinstance(self.value, int) else FLOAT


@dataclass(frozen=True, slots=True)
class Variable:
    """A value that the caller supplies; the tick among them is a whole number."""

    name: str

    @property
    def kinds(self) -> Kinds:
        """Int, for arrays and ranges of values are only ever taken over the tick."""
        return INT


@dataclass(frozen=True, slots=True)
class Apply:
    """An operation on values that are all computed first."""

    operation: str
    arguments: tuple[Node, ...]
    kinds: Kinds


@dataclass(frozen=True, slots=True)
class Choose:
    """``then if test else otherwise``: only the branch taken is computed."""

    test: Node
    then: Node
    otherwise: Node
    kinds: Kinds


@dataclass(frozen=True, slots=True)
class Shortcut:
    """``left and right`` (stops at a false left) or ``left or right`` (stops at a true left)."""

    left: Node
    right: Node
    stops_at: bool
    kinds: Kinds


Node: TypeAlias = Constant | Variable | Apply | Choose | Shortcut


class ComplexResultError(ValueError):
    """A fractional power of a negative number."""


def _multiply(a: Number, b: Number) -> Number:
    product = a * b
    if isinstance(product, int) and product.bit_length() > _LONGEST_INTEGER:
        raise OverflowError
    return product


def _power(base: Number, exponent: Number) -> Number:
    whole = isinstance(base, int) and isinstance(exponent, int)
    if whole and abs(base) > 1 and (int(base).bit_length() - 1) * exponent > _LONGEST_INTEGER:
        raise OverflowError
    result: Number | complex = base**exponent
    if isinstance(result, complex):
        raise ComplexResultError
    return result


COMPARISONS: Mapping[str, Callable[[Number, Number], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
ARITHMETIC: Mapping[str, Callable[..., Number]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": _multiply,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": _power,
    "neg": operator.neg,
    "pos": operator.pos,
    "not": operator.not_,
}
MATH: Mapping[str, Callable[..., Number]] = {
    name: getattr(math, name)
    for name in (
        "cos",
        "sin",
        "tan",
        "exp",
        "log",
        "log2",
        "log10",
        "sqrt",
        "floor",
        "ceil",
        "pow",
        "tanh",
        "fabs",
    )
}
BUILTIN: Mapping[str, Callable[..., Number]] = {
    "min": min, "max": max, "abs": abs, "int": int, "float": float, "round": round,
}  # fmt: skip
_SCALAR = {**COMPARISONS, **ARITHMETIC, **MATH, **BUILTIN}

_ALWAYS_INT = {*COMPARISONS, "not", "floor", "ceil", "int", "round"}
_ALWAYS_FLOAT = (set(MATH) - _ALWAYS_INT) | {"/", "float"}


def join_kinds(nodes: Iterable[Node]) -> Kinds:
    """The types a value may have that is one of several."""
    return frozenset().union(*(node.kinds for node in nodes))


def _result_kinds(operation: str, arguments: tuple[Node, ...]) -> Kinds:
    if operation in _ALWAYS_INT:
        return INT
    if operation in _ALWAYS_FLOAT:
        return FLOAT
    kinds = join_kinds(arguments)
    if operation in {"min", "max"}:
        return kinds
    if not all(int in argument.kinds for argument in arguments):
        return FLOAT
    return kinds | FLOAT if operation == "**" else kinds  # 2**-1 is a float


def apply(operation: str, *arguments: Node) -> Node:
    """Node of an operation; a number outright where all arguments are numbers and Python has a result."""
    node = Apply(operation, arguments, _result_kinds(operation, arguments))
    if not all(isinstance(argument, Constant) for argument in arguments):
        return node
    try:
        return Constant(compute(node, {}))
    except (ArithmeticError, ValueError):
        return node  # refused only if a tick comes to it


def compute(node: Node, names: Mapping[str, Number]) -> Number:
    """Value exactly as Python computes it, ints included; only the branch taken is looked at.

    Raises:
        ZeroDivisionError: as Python does.
        OverflowError: as Python does, and for an integer of more than 4,096 bits.
        ValueError: as Python does, and where it would go on with a complex number.

    """
    match node:
        case Constant():
            return node.value
        case Variable():
            return names[node.name]
        case Apply():
            return _SCALAR[node.operation](*[compute(argument, names) for argument in node.arguments])
        case Choose():
            return compute(node.then if compute(node.test, names) else node.otherwise, names)
        case Shortcut():
            left = compute(node.left, names)
            return left if bool(left) is node.stops_at else compute(node.right, names)
