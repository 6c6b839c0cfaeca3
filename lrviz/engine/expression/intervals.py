"""Interval arithmetic: what the functions of expressions make of arguments that lie between two ends.

Rounding is monotone, so the ends of ``+ - * /`` computed in floats enclose every value computed in floats;
results of functions are widened by a few units in the last place, as libraries differ by that much.
"""

from __future__ import annotations

import math
from functools import partial, reduce
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from lrviz.engine.expression.tree import INT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lrviz.engine.expression.tree import Apply

Array: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]

_WIDER = 2.0**-49  # eight units in the last place
_UNDERFLOW = 1e-321
_LARGEST = float(np.finfo(np.float64).max)
_ROUNDED = 2.0**51  # from here on integers and whole quotients may be rounded


class Interval(NamedTuple):
    """Ends that contain every value; -inf and inf where nothing is known."""

    low: Array
    high: Array


def maybe_nan(x: Interval) -> Mask:
    """Where nothing is known, not even that it is a number; nan comes from nothing else."""
    return np.asarray((x.low == -math.inf) & (x.high == math.inf))


def _endless(x: Interval) -> Mask:
    return np.asarray(np.isinf(x.low) | np.isinf(x.high))


def truth(test: Interval) -> tuple[Mask, Mask]:
    """Where the test holds at every tick, and where it holds at none."""
    return (test.low > 0) | (test.high < 0), (test.low == 0) & (test.high == 0)


def either(always: Mask, never: Mask, then: Interval, otherwise: Interval) -> Interval:
    """The one where a test holds at every tick, the other where at none, and both elsewhere."""
    low = np.where(never, otherwise.low, np.where(always, then.low, np.minimum(then.low, otherwise.low)))
    high = np.where(never, otherwise.high, np.where(always, then.high, np.maximum(then.high, otherwise.high)))
    return Interval(low, high)


def _widened(x: Interval, beyond: float = 0.0) -> Interval:
    low = np.where(np.abs(x.low) >= beyond, x.low - _WIDER * np.abs(x.low) - _UNDERFLOW, x.low)
    high = np.where(np.abs(x.high) >= beyond, x.high + _WIDER * np.abs(x.high) + _UNDERFLOW, x.high)
    # What overflowed here lies somewhere beyond the largest float.
    return Interval(
        np.where(x.low == math.inf, _LARGEST, low), np.where(x.high == -math.inf, -_LARGEST, high)
    )


def unrounded(x: Interval) -> Interval:
    """Room for Python's long integers between the floats."""
    return _widened(x, beyond=_ROUNDED)


def _hull(*values: Array) -> Interval:
    return Interval(reduce(np.minimum, values), reduce(np.maximum, values))


def _corners(function: Callable[..., Any], a: Interval, b: Interval) -> list[Array]:
    return [np.asarray(function(x, y)) for x in a for y in b]


def _product(a: Interval, b: Interval) -> Interval:
    # An infinite end may be a value: times zero it is nan.
    nan = (_endless(a) & (b.low <= 0) & (b.high >= 0)) | (_endless(b) & (a.low <= 0) & (a.high >= 0))
    return _known(~nan, _hull(*_corners(np.multiply, a, b)))


def _known(where: Mask, x: Interval) -> Interval:
    return Interval(np.where(where, x.low, -math.inf), np.where(where, x.high, math.inf))


def _quotient(a: Interval, b: Interval) -> Interval:
    return _known((b.low > 0) | (b.high < 0), _hull(*_corners(np.divide, a, b)))


def _floor_quotient(a: Interval, b: Interval) -> Interval:
    known = ((b.low > 0) | (b.high < 0)) & ~_endless(a)
    return _known(known, unrounded(_hull(*_corners(np.floor_divide, a, b))))


def _modulo(a: Interval, b: Interval, step: float = 0.0) -> Interval:
    """Between zero and the divisor, and no further than ``step`` from it; exact within one turn."""
    least, most = np.minimum(b.low + step, 0.0), np.maximum(b.high - step, 0.0)
    one_turn = (b.low == b.high) & (np.floor_divide(a.low, b.low) == np.floor_divide(a.high, b.low))
    low = np.where(one_turn, np.remainder(a.low, b.low), least)
    return _known(~_endless(a), Interval(low, np.where(one_turn, np.remainder(a.high, b.low), most)))


def _power(base: Interval, exponent: Interval) -> Interval:
    size = _size(base)
    low, high = _widened(_hull(*_corners(np.power, size, exponent)))
    whole = (exponent.low == exponent.high) & (exponent.low == np.floor(exponent.low))
    even = np.isinf(exponent.low) | (np.remainder(exponent.low, 2) == 0)
    positive = (base.low >= 0) | (whole & even)
    negative = (base.high <= 0) & whole & ~positive
    return Interval(
        np.where(positive, np.maximum(low, 0.0), -high), np.where(negative, -np.maximum(low, 0.0), high)
    )


def _size(x: Interval) -> Interval:
    ends = _hull(np.abs(x.low), np.abs(x.high))
    return Interval(np.where((x.low <= 0) & (x.high >= 0), 0.0, ends.low), ends.high)


def _verdict(always: Mask, sometimes: Mask) -> Interval:
    return Interval(always.astype(np.float64), sometimes.astype(np.float64))


def _less(a: Interval, b: Interval) -> Interval:
    return _verdict((a.high < b.low), (a.low < b.high))


def _at_most(a: Interval, b: Interval) -> Interval:
    return _verdict((a.high <= b.low) & ~maybe_nan(a) & ~maybe_nan(b), (a.low <= b.high))


def _equal(a: Interval, b: Interval) -> Interval:
    always = (a.low == a.high) & (b.low == b.high) & (a.low == b.low)
    return _verdict(always, ((a.low <= b.high) & (b.low <= a.high)))


def _not(x: Interval) -> Interval:
    always, never = truth(x)
    return _verdict(never, ~always)


def _steps(function: Callable[..., Any]) -> Callable[[Interval], Interval]:
    return lambda x: Interval(function(x.low), function(x.high))


def _rising(function: Callable[..., Any], domain: float = -math.inf) -> Callable[[Interval], Interval]:
    return lambda x: _widened(Interval(function(np.maximum(x.low, domain)), function(x.high)))


def _passes(x: Interval, point: float, period: float) -> Mask:
    """Whether point + k * period may lie within the interval for some whole k: rounding moves it a little."""
    slack = 2 * _WIDER * np.maximum(np.abs(x.low), np.abs(x.high))
    first = np.ceil((x.low - slack - point) / period)
    return first <= np.floor((x.high + slack - point) / period)


def _wave(function: Callable[..., Any], peak: float) -> Callable[[Interval], Interval]:
    def rule(x: Interval) -> Interval:
        low, high = _widened(_hull(function(x.low), function(x.high)))
        low = np.where(_passes(x, peak + math.pi, 2 * math.pi), -1.0, np.fmax(low, -1.0))
        return Interval(low, np.where(_passes(x, peak, 2 * math.pi), 1.0, np.fmin(high, 1.0)))

    return rule


def _tangent(x: Interval) -> Interval:
    return _known(~_passes(x, math.pi / 2, math.pi), _rising(np.tan)(x))


VERDICTS = {"<", "<=", ">", ">=", "==", "!=", "not"}
_RULES: Mapping[str, Callable[..., Interval]] = {
    "+": lambda a, b: Interval(a.low + b.low, a.high + b.high),
    "-": lambda a, b: Interval(a.low - b.high, a.high - b.low),
    "*": _product,
    "/": _quotient,
    "//": _floor_quotient,
    "%": _modulo,
    "**": _power,
    "pow": _power,
    "neg": lambda x: Interval(-x.high, -x.low),
    "pos": lambda x: x,
    "float": lambda x: x,
    "abs": _size,
    "fabs": _size,
    "not": _not,
    "<": _less,
    "<=": _at_most,
    ">": lambda a, b: _less(b, a),
    ">=": lambda a, b: _at_most(b, a),
    "==": _equal,
    "!=": lambda a, b: _not(_equal(a, b)),
    "min": lambda *xs: Interval(
        reduce(np.minimum, [x.low for x in xs]), reduce(np.minimum, [x.high for x in xs])
    ),
    "max": lambda *xs: Interval(
        reduce(np.maximum, [x.low for x in xs]), reduce(np.maximum, [x.high for x in xs])
    ),
    "floor": _steps(np.floor),
    "ceil": _steps(np.ceil),
    "int": _steps(np.trunc),
    "round": _steps(np.rint),
    "exp": _rising(np.exp),
    "tanh": _rising(np.tanh),
    "sqrt": _rising(np.sqrt, 0.0),
    "log": _rising(np.log, 0.0),
    "log2": _rising(np.log2, 0.0),
    "log10": _rising(np.log10, 0.0),
    "cos": _wave(np.cos, 0.0),
    "sin": _wave(np.sin, math.pi / 2),
    "tan": _tangent,
}


def rule_of(node: Apply) -> Callable[..., Interval]:
    """The interval of an operation from those of its arguments."""
    if node.operation == "%" and node.kinds == INT:
        return partial(_modulo, step=1.0)
    return _RULES[node.operation]
