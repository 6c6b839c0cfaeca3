"""An expression at many ticks at once, equal to what Python computes at each of them.

Every array of values travels with a bound on its distance from Python's value. numpy's ``cos``, ``exp``,
``**`` … may differ from the C library's, which Python uses, by a few units in the last place, and integers
beyond 2**53 are exact in Python only. Where the bound is too wide for the result, or a step (a comparison,
``//``, ``floor`` …) lies within it, the tick is computed again with the C library's functions; where that
does not settle it either, or Python may refuse, the tick is left to Python itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from lrviz.engine.expression.error_rules import NO_ERROR, Array, rule_of
from lrviz.engine.expression.library import EPS, EXACT, NUMPY, C, Library
from lrviz.engine.expression.tree import Apply, Choose, Constant, Node, Number, Shortcut, Variable
from lrviz.notation.numbers import LARGEST_WHOLE

if TYPE_CHECKING:
    from collections.abc import Sequence

Mask: TypeAlias = NDArray[np.bool_]

EXACT_INTEGERS = float(LARGEST_WHOLE)
_TOLERANCE = 1e-14
_SMALLEST = 1e-298  # below it a relative error means nothing: results underflow
_UNDERFLOW = 1e-321


@dataclass(frozen=True, slots=True)
class _Values:
    """Values, and bounds on |value - Python's value|: None is exact, inf and nan are unknown."""

    value: Array
    error: Array | None = None

    def at(self, where: Mask) -> _Values:
        """The values at some of the ticks."""
        value = np.broadcast_to(self.value, where.shape)[where]
        return _Values(value, None if self.error is None else np.broadcast_to(self.error, where.shape)[where])


def evaluate(tree: Node, ticks: Array) -> tuple[Array, Mask]:
    """Values at a line of whole ticks below 2**53, and the ticks that have to be left to Python itself.

    The others are Python's to 1e-14 relative (1e-312 absolute), and the same after a step.
    """
    with np.errstate(all="ignore"):
        values, doubtful = _vouched(tree, ticks, NUMPY)
        again = np.flatnonzero(doubtful)
        if again.size:
            values[again], doubtful[again] = _vouched(tree, ticks[again], C)
    return values, doubtful


def _vouched(tree: Node, ticks: Array, library: Library) -> tuple[Array, Mask]:
    result = _walk(tree, ticks, library)
    values = np.array(np.broadcast_to(result.value, ticks.shape))
    error = NO_ERROR if result.error is None else result.error
    good = error <= _TOLERANCE * np.maximum(np.abs(values), _SMALLEST)
    return values, ~(good & np.isfinite(error))


def _walk(node: Node, ticks: Array, library: Library) -> _Values:
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


def _apply(node: Apply, arguments: Sequence[_Values], library: Library) -> _Values:
    operation = node.operation
    function = library.functions.get(operation) or EXACT[operation]
    value = np.asarray(function(*(argument.value for argument in arguments)), dtype=np.float64)
    error = _passed_on(operation, value, arguments)
    if operation in library.functions and library.error:
        error = library.error * np.abs(value) + _UNDERFLOW + (NO_ERROR if error is None else error)
    if operation == "**" and int in node.kinds:
        value, error = _as_integers(arguments, value, error)
    return _Values(value, _with_limits(value, error, whole=int in node.kinds))


def _passed_on(operation: str, value: Array, arguments: Sequence[_Values]) -> Array | None:
    """What the errors of the arguments make of the result."""
    if all(argument.error is None for argument in arguments):
        return None
    errors = [NO_ERROR if argument.error is None else argument.error for argument in arguments]
    return rule_of(operation)(value, [argument.value for argument in arguments], errors)


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
    known = NO_ERROR if error is None else error
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
    error[where] = NO_ERROR if chosen.error is None else chosen.error
    error[~where] = NO_ERROR if others.error is None else others.error
    return _Values(value, error if unsure is None else np.where(unsure, math.inf, error))
