"""The functions of expressions over arrays: exact ones, numpy's quick ones, and the C library's."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.engine.expression.tree import MATH, Number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

EPS = 2.0**-52


@dataclass(frozen=True, slots=True)
class Library:
    """Functions that are not exact everywhere, and how far they may be from Python's (relative)."""

    functions: Mapping[str, Callable[..., Any]]
    error: float


def _quiet(function: Callable[..., Number]) -> Callable[..., float]:
    def call(*values: float) -> float:
        try:
            return function(*values)
        except (ArithmeticError, ValueError):
            return math.nan

    return call


_FUNCTIONS = ("cos", "sin", "tan", "exp", "log", "log2", "log10", "tanh", "pow")
NUMPY = Library(
    {name: np.power if name in {"**", "pow"} else getattr(np, name) for name in ("**", *_FUNCTIONS)},
    error=6 * EPS,  # numpy states 4 units in the last place, C libraries 1
)
C = Library(
    {
        name: np.frompyfunc(
            _quiet(MATH["pow" if name == "**" else name]), 2 if name in {"**", "pow"} else 1, 1
        )
        for name in ("**", *_FUNCTIONS)
    },
    error=0.0,
)
EXACT: Mapping[str, Callable[..., Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "//": np.floor_divide,
    "%": np.remainder,
    "neg": np.negative,
    "pos": np.positive,
    "not": np.logical_not,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
    "sqrt": np.sqrt,
    "floor": np.floor,
    "ceil": np.ceil,
    "int": np.trunc,
    "round": np.rint,
    "abs": np.abs,
    "fabs": np.abs,
    "float": np.positive,
    "min": lambda *values: reduce(np.minimum, values),
    "max": lambda *values: reduce(np.maximum, values),
}
