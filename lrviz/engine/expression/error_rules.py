"""How far a result may be from Python's, from how far its arguments may be."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from lrviz.engine.expression.library import EPS, EXACT

Array: TypeAlias = NDArray[np.float64]

NO_ERROR: Array = np.zeros(())

Rule: TypeAlias = Callable[[Array, Sequence[Array], Sequence[Array]], Array]


def _any_error_is_too_much(_value: Array, _arguments: Sequence[Array], errors: Sequence[Array]) -> Array:
    return np.where(sum(errors) == 0, 0.0, math.inf)


def _sum(value: Array, _arguments: Sequence[Array], errors: Sequence[Array]) -> Array:
    return np.asarray(errors[0] + errors[1] + EPS * np.abs(value))


def _product(value: Array, arguments: Sequence[Array], errors: Sequence[Array]) -> Array:
    (a, b), (a_error, b_error) = arguments, errors
    return np.asarray(np.abs(a) * b_error + np.abs(b) * a_error + a_error * b_error + EPS * np.abs(value))


def _quotient(value: Array, arguments: Sequence[Array], errors: Sequence[Array]) -> Array:
    nearest_to_zero = np.abs(arguments[1]) - errors[1]
    error = (errors[0] + np.abs(value) * errors[1]) / nearest_to_zero + EPS * np.abs(value)
    return np.where(nearest_to_zero > 0, error, math.inf)


def _same(_value: Array, _arguments: Sequence[Array], errors: Sequence[Array]) -> Array:
    return reduce(np.maximum, errors)


def _compared(_value: Array, arguments: Sequence[Array], errors: Sequence[Array]) -> Array:
    error = errors[0] + errors[1]
    return np.where((error == 0) | (np.abs(arguments[0] - arguments[1]) > error), 0.0, math.inf)


def _step(function: Callable[..., Any]) -> Rule:
    def rule(_value: Array, arguments: Sequence[Array], errors: Sequence[Array]) -> Array:
        (x, *divisor), (error, *divisor_error) = arguments, errors
        level = (error == 0) | (function(x - error, *divisor) == function(x + error, *divisor))
        return np.where(level & (sum(divisor_error) == 0), 0.0, math.inf)

    return rule


def _remainder(value: Array, arguments: Sequence[Array], errors: Sequence[Array]) -> Array:
    within_one_turn = _step(np.floor_divide)(value, arguments, errors)
    return np.asarray(within_one_turn + errors[0] + EPS * np.abs(value))


def _negation(value: Array, arguments: Sequence[Array], errors: Sequence[Array]) -> Array:
    return _compared(value, [arguments[0], NO_ERROR], [errors[0], NO_ERROR])


_RULES: Mapping[str, Rule] = {
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), _compared),
    **dict.fromkeys(("neg", "pos", "abs", "fabs", "float", "min", "max"), _same),
    **{name: _step(EXACT[name]) for name in ("//", "floor", "ceil", "int", "round")},
    "+": _sum,
    "-": _sum,
    "*": _product,
    "/": _quotient,
    "%": _remainder,
    "not": _negation,
}


def rule_of(operation: str) -> Rule:
    """How the errors of an operation's arguments become that of its result."""
    return _RULES.get(operation, _any_error_is_too_much)
