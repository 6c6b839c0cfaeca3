"""What the values of an expression cannot exceed between two ticks."""

from __future__ import annotations

import math
from functools import reduce

import numpy as np

from lrviz.engine.expression.intervals import (
    VERDICTS,
    Array,
    Interval,
    either,
    maybe_nan,
    rule_of,
    truth,
    unrounded,
)
from lrviz.engine.expression.tree import Apply, Choose, Constant, Node, Number, Shortcut, Variable


def enclose(tree: Node, low: Array, high: Array) -> Interval:
    """All values at whole ticks from low[i] to high[i]; ticks that Python refuses have no value."""
    with np.errstate(all="ignore"):
        result = _walk(tree, Interval(low, high))
    shape = np.broadcast_shapes(low.shape, high.shape)
    return Interval(*(np.array(np.broadcast_to(end, shape)) for end in result))


def _walk(node: Node, ticks: Interval) -> Interval:
    match node:
        case Constant():
            return _constant(node.value)
        case Variable():
            return ticks
        case Apply():
            return _apply(node, [_walk(argument, ticks) for argument in node.arguments])
        case Choose():
            always, never = truth(_walk(node.test, ticks))
            return either(always, never, _walk(node.then, ticks), _walk(node.otherwise, ticks))
        case Shortcut():
            left = _walk(node.left, ticks)
            always, never = truth(left) if node.stops_at else truth(left)[::-1]
            falsehood = Interval(np.zeros(()), np.zeros(()))  # the only number that is false
            return either(always, never, left if node.stops_at else falsehood, _walk(node.right, ticks))


def _apply(node: Apply, arguments: list[Interval]) -> Interval:
    low, high = rule_of(node)(*arguments)
    unknown = np.isnan(low) | np.isnan(high)
    if node.operation not in VERDICTS:
        unknown = reduce(np.logical_or, map(maybe_nan, arguments), unknown)
    found = Interval(np.where(unknown, -math.inf, low), np.where(unknown, math.inf, high))
    return unrounded(found) if int in node.kinds else found


def _constant(number: Number) -> Interval:
    try:
        end = np.asarray(float(number))
    except OverflowError:
        end = np.asarray(math.inf if number > 0 else -math.inf)
    if np.isnan(end):
        return Interval(np.asarray(-math.inf), np.asarray(math.inf))
    return unrounded(Interval(end, end)) if isinstance(number, int) else Interval(end, end)
