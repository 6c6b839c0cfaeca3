"""Arithmetic and comparisons of Python on known values, bounded: what is too large is not known."""

from __future__ import annotations

import ast
import math
import operator
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.located import Items, Table
from lrviz.inputs.foreign.python.python_script import PythonCall
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_BITS = 4096
"""Whole numbers up to 10^1233: far beyond any step."""
_LONGEST = 400
"""Characters or items that a product or a sum may have: a file has many lines."""
_SCALARS = (bool, int, float, str, type(None))
_LINED = (str, tuple, Items)
_SPEC = re.compile(r"[<>=^]?[+\- ]?#?0?\d{0,2}[,_]?(?:\.\d{1,2})?[a-zA-Z%]?")

_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Invert: operator.invert,
    ast.Not: operator.not_,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda one, many: one in many,
    ast.NotIn: lambda one, many: one not in many,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "bool": bool,
    "float": float,
    "int": int,
    "math.ceil": math.ceil,
    "math.floor": math.floor,
    "math.sqrt": math.sqrt,
    "max": max,
    "min": min,
    "round": round,
    "str": str,
}
"""What may be called: on numbers and texts, and nothing else."""


def is_scalar(value: object) -> bool:
    """Whether a value is a number, a text, True, False or None."""
    return isinstance(value, _SCALARS)


def is_known(value: object) -> bool:
    """Whether a value is there, whatever may be inside it."""
    return not isinstance(value, (Unknown, PythonCall))


def is_sequence(value: object) -> bool:
    """Whether a value is a list or a tuple."""
    return isinstance(value, (Items, tuple))


def both_tables(old: object, new: object) -> bool:
    """Whether both are dicts."""
    return isinstance(old, Table) and isinstance(new, Table)


def unknown_among(values: Iterable[object], line: int) -> Unknown:
    """Why a value made of these is unknown: for the same reasons."""
    reasons = [reason for value in values if (reason := _reason(value))]
    names = dict.fromkeys(name for one in reasons for name in one.names)
    return (
        Unknown(reasons[0].why, tuple(names), is_computed=True)
        if reasons
        else Unknown(f"what line {line} computes")
    )


def combine(kind: ast.AST, values: list[Any], line: int) -> Any:
    """The result of an operator."""
    if not all(is_known(value) for value in values):
        return unknown_among(values, line)
    if isinstance(kind, ast.BitOr) and both_tables(*values):
        table = values[0].copy()
        table.take(values[1])
        return table
    if type(kind) not in _OPERATORS or not _is_bounded(kind, values):
        return Unknown(f"what line {line} computes")
    if isinstance(kind, ast.Add) and all(isinstance(value, Items) for value in values):
        return values[0].joined(values[1])
    if isinstance(kind, ast.Mult) and any(isinstance(value, Items) for value in values):
        values.sort(key=lambda value: isinstance(value, int))
        return values[0].repeated(values[1])
    return attempt(_OPERATORS[type(kind)], values, line)


def function_of(name: str, values: list[Any], line: int) -> Any:
    """What a function of Python's own gives for numbers and texts; None where it is not one of those here."""
    function = _FUNCTIONS.get(name)
    if function is None or not all(is_scalar(value) for value in values):
        return None
    if function is round and len(values) == 2 and not (isinstance(values[1], int) and abs(values[1]) < 99):
        return None
    return attempt(function, values, line)


def computes(name: str) -> bool:
    """Whether it is a function of Python's own, which changes nothing that it is given."""
    return name in _FUNCTIONS


def attempt(function: Callable[..., Any], values: list[Any], line: int) -> Any:
    """The result of a function on known values; where Python stops, nobody knows it."""
    try:
        return bounded(function(*values), line)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        return Unknown(f"{type(error).__name__} in line {line}")


def text_of(value: object, spec: object, line: int) -> Any:
    """A value in an f-string."""
    if not is_known(value):
        return unknown_among([value], line)
    if not is_scalar(value) or not isinstance(spec, str) or not _SPEC.fullmatch(spec):
        return Unknown(f"an f-string in line {line}")
    return attempt(format, [value, spec], line)


def item_of(value: object, key: object, line: int) -> Any:
    """``value[key]``."""
    if not is_known(value):
        return replace(unknown_among([value], line), names=())
    if not is_known(key):
        return unknown_among([key], line)
    if isinstance(key, slice) and isinstance(value, Items):
        return attempt(value.cut, [key], line)
    if isinstance(value, (Table, Items, tuple, str)) and (is_scalar(key) or isinstance(key, slice)):
        return attempt(operator.getitem, [value, key], line)
    return Unknown(f"what line {line} computes")


def truth_of(value: object, line: int) -> bool | Unknown:
    """Whether a value counts as true; it may be unknown."""
    return bool(value) if is_known(value) else unknown_among([value], line)


def bounded(value: object, line: int) -> Any:
    """A value, if it is no number beyond all use."""
    if isinstance(value, int) and value.bit_length() > _BITS:
        return Unknown(f"a number of over {_BITS} bits in line {line}")
    return value


def _reason(value: object) -> Unknown | None:
    if isinstance(value, PythonCall):
        return Unknown(f"a call in line {value.line}")
    return value if isinstance(value, Unknown) else None


def _is_bounded(kind: ast.AST, values: list[Any]) -> bool:
    """Whether an operator takes these, and gives nothing that is too large."""
    if isinstance(kind, (ast.In, ast.NotIn)):
        one, many = values
        inside = [] if isinstance(many, (Table, str)) else many if is_sequence(many) else [many, ()]
        return is_scalar(one) and all(is_scalar(value) for value in inside)
    if isinstance(kind, (ast.Is, ast.IsNot, ast.Not)):
        return True
    if isinstance(kind, ast.Add) and all(isinstance(value, _LINED) for value in values):
        return sum(map(len, values)) <= _LONGEST
    if isinstance(kind, ast.Mult) and any(isinstance(value, _LINED) for value in values):
        return _product_fits(values)
    if isinstance(kind, (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)):
        return all(is_scalar(value) for value in values)
    return all(isinstance(value, (bool, int, float)) for value in values) and _size(kind, values) <= _BITS


def _product_fits(values: list[Any]) -> bool:
    length = next(len(value) for value in values if isinstance(value, _LINED))
    times = [value for value in values if isinstance(value, int)]
    return len(times) == 1 and length * times[0] <= _LONGEST


def _size(kind: ast.AST, values: list[Any]) -> float:
    """How many bits a result has at most."""
    whole = [value for value in values if isinstance(value, int)]
    bits = [value.bit_length() for value in whole]
    if len(whole) < len(values):  # a float among them: it overflows by itself
        return max(bits, default=0)
    if isinstance(kind, ast.Pow):
        return bits[0] * abs(values[1]) if bits[1] <= 32 else math.inf
    return sum(bits)
