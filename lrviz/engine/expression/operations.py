"""An expression at many ticks at once, equal to what Python computes at each of them.

Every array of values travels with a bound on its distance from Python's value. numpy's ``cos``, ``exp``,
``**`` … may differ from the C library's, which Python uses, by a few units in the last place, and integers
beyond 2**53 are exact in Python only. Where the bound is too wide for the result, or a step (a comparison,
``//``, ``floor`` …) lies within it, the tick is computed again with the C library's functions; where that
does not settle it either, or Python may refuse, the tick is left to Python itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from lrviz.engine.expression.tree import MATH, Apply, Choose, Constant, Node, Number, Shortcut, Variable
from lrviz.notation.numbers import LARGEST_WHOLE

Array: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]

EPS = 2.0**-52
EXACT_INTEGERS = float(LARGEST_WHOLE)
_TOLERANCE = 1e-14
_SMALLEST = 1e-298  # below it a relative error means nothing: results underflow
_UNDERFLOW = 1e-321
_NO_ERROR: Array = np.zeros(())


@dataclass(frozen=True, slots=True)
class _Values:
    """Values, and bounds on |value - Python's value|: None is exact, inf and nan are unknown."""

    value: Array
    error: Array | None = None

    def at(self, where: Mask) -> _Values:
        """The values at some of the ticks."""
        value = np.broadcast_to(self.value, where.shape)[where]
        return _Values(value, None if self.error is None else np.broadcast_to(self.error, where.shape)[where])


@dataclass(frozen=True, slots=True)
class _Library:
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
_NUMPY = _Library(
    {name: np.power if name in {"**", "pow"} else getattr(np, name) for name in ("**", *_FUNCTIONS)},
    error=6 * EPS,  # numpy states 4 units in the last place, C libraries 1
)
_C = _Library(
    {
        name: np.frompyfunc(
            _quiet(MATH["pow" if name == "**" else name]), 2 if name in {"**", "pow"} else 1, 1
        )
        for name in ("**", *_FUNCTIONS)
    },
    error=0.0,
)
_EXACT: Mapping[str, Callable[..., Any]] = {
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


def evaluate(tree: Node, ticks: Array) -> tuple[Array, Mask]:
    """Values at a line of whole ticks below 2**53, and the ticks that have to be left to Python itself.

    The others are Python's to 1e-14 relative (1e-312 absolute), and the same after a step.
    """
    with np.errstate(all="ignore"):
        values, doubtful = _vouched(tree, ticks, _NUMPY)
        again = np.flatnonzero(doubtful)
        if again.size:
            values[again], doubtful[again] = _vouched(tree, ticks[again], _C)
    return values, doubtful


def _vouched(tree: Node, ticks: Array, library: _Library) -> tuple[Array, Mask]:
    result = _walk(tree, ticks, library)
    values = np.array(np.broadcast_to(result.value, ticks.shape))
    error = _NO_ERROR if result.error is None else result.error
    good = error <= _TOLERANCE * np.maximum(np.abs(values), _SMALLEST)
    return values, ~(good & np.isfinite(error))


def _walk(node: Node, ticks: Array, library: _Library) -> _Values:
    match node:
        case Constant():
            return _constant(node.value)
        case Variable():
            return _Values(ticks)
        case Apply():
            return _apply(node, [_walk(argument, ticks, library) for argument in node.arguments], library)
        case Choose():
            truth, unsure = _truth(_walk(node.test, ticks, library), ticks.shape)
            then = _walk(node.then, ticks[truth], library)
            return _merge(truth, unsure, then, _walk(node.otherwise, ticks[~truth], library))
        case Shortcut():
            left = _walk(node.left, ticks, library)
            truth, unsure = _truth(left, ticks.shape)
            stops = truth == node.stops_at
            return _merge(stops, unsure, left.at(stops), _walk(node.right, ticks[~stops], library))


def _constant(number: Number) -> _Values:
    try:
        value = np.asarray(float(number))
    except OverflowError:
        return _Values(np.asarray(math.inf), np.asarray(math.inf))
    large = isinstance(number, int) and abs(number) >= EXACT_INTEGERS
    return _Values(value, EPS * np.abs(value) if large else None)


def _apply(node: Apply, arguments: Sequence[_Values], library: _Library) -> _Values:
    operation = node.operation
    function = library.functions.get(operation) or _EXACT[operation]
    value = np.asarray(function(*(argument.value for argument in arguments)), dtype=np.float64)
    error = _passed_on(operation, value, arguments)
    if operation in library.functions and library.error:
        error = library.error * np.abs(value) + _UNDERFLOW + (_NO_ERROR if error is None else error)
    if operation == "**" and int in node.kinds:
        value, error = _as_integers(arguments, value, error)
    return _Values(value, _with_limits(value, error, whole=int in node.kinds))


def _passed_on(operation: str, value: Array, arguments: Sequence[_Values]) -> Array | None:
    """What the errors of the arguments make of the result."""
    if all(argument.error is None for argument in arguments):
        return None
    errors = [_NO_ERROR if argument.error is None else argument.error for argument in arguments]
    rule = _ERRORS.get(operation, _any_error_is_too_much)
    return rule(value, [argument.value for argument in arguments], errors)


def _as_integers(
    arguments: Sequence[_Values], value: Array, error: Array | None
) -> tuple[Array, Array | None]:
    """Powers of whole numbers that are whole themselves, exactly."""
    if any(argument.error is not None for argument in arguments):
        return value, error
    base, exponent = (argument.value for argument in arguments)
    fits = (exponent >= 0) & (exponent < EXACT_INTEGERS) & (np.abs(value) < EXACT_INTEGERS / 2)
    fits &= (base == np.trunc(base)) & (exponent == np.trunc(exponent))
    powers = np.power(np.where(fits, base, 0).astype(np.int64), np.where(fits, exponent, 0).astype(np.int64))
    return np.where(fits, powers, value), None if error is None else np.where(fits, 0.0, error)


def _with_limits(value: Array, error: Array | None, *, whole: bool) -> Array | None:
    """Python's integers do not round, and what is not finite here may be an exception there."""
    limit = EXACT_INTEGERS if whole else np.finfo(np.float64).max
    size = np.abs(value)
    if np.all(size <= limit):  # False for nan
        return error
    known = _NO_ERROR if error is None else error
    rounded = np.where(size >= EXACT_INTEGERS, EPS * size, 0.0) if whole else 0.0
    return np.where(np.isfinite(value), known + rounded, math.inf)


def _truth(test: _Values, shape: tuple[int, ...]) -> tuple[Mask, Mask | None]:
    truth = np.broadcast_to(test.value != 0, shape)
    return truth, None if test.error is None else ~((test.error == 0) | (np.abs(test.value) > test.error))


def _merge(where: Mask, unsure: Mask | None, chosen: _Values, others: _Values) -> _Values:
    value = np.empty(where.shape)
    value[where], value[~where] = chosen.value, others.value
    if unsure is None and chosen.error is None and others.error is None:
        return _Values(value)
    error = np.zeros(where.shape)
    error[where] = _NO_ERROR if chosen.error is None else chosen.error
    error[~where] = _NO_ERROR if others.error is None else others.error
    return _Values(value, error if unsure is None else np.where(unsure, math.inf, error))


_Rule: TypeAlias = Callable[[Array, Sequence[Array], Sequence[Array]], Array]


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


def _step(function: Callable[..., Any]) -> _Rule:
    def rule(_value: Array, arguments: Sequence[Array], errors: Sequence[Array]) -> Array:
        (x, *divisor), (error, *divisor_error) = arguments, errors
        level = (error == 0) | (function(x - error, *divisor) == function(x + error, *divisor))
        return np.where(level & (sum(divisor_error) == 0), 0.0, math.inf)

    return rule


def _remainder(value: Array, arguments: Sequence[Array], errors: Sequence[Array]) -> Array:
    within_one_turn = _step(np.floor_divide)(value, arguments, errors)
    return np.asarray(within_one_turn + errors[0] + EPS * np.abs(value))


def _negation(value: Array, arguments: Sequence[Array], errors: Sequence[Array]) -> Array:
    return _compared(value, [arguments[0], _NO_ERROR], [errors[0], _NO_ERROR])


_ERRORS: Mapping[str, _Rule] = {
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), _compared),
    **dict.fromkeys(("neg", "pos", "abs", "fabs", "float", "min", "max"), _same),
    **{name: _step(_EXACT[name]) for name in ("//", "floor", "ceil", "int", "round")},
    "+": _sum,
    "-": _sum,
    "*": _product,
    "/": _quotient,
    "%": _remainder,
    "not": _negation,
}
