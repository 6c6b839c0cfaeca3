"""The warmup that a script makes of the total of its scheduler: ``int(args.warmup_ratio * total)``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.call_syntax import dotted
from lrviz.inputs.foreign.python.python_values import combine, computes, function_of
from lrviz.inputs.foreign.python.scheduler_calls import PROCESSES, is_counted
from lrviz.inputs.foreign.python.script_syntax import DEEPEST, factors
from lrviz.inputs.foreign.source import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.inputs.foreign.python.loop_totals import LoopSyntax

_PASSED = ast.Name("total")
"""What the scheduler is given as its total."""


def warmup_formula(loop: LoopSyntax, warmup: ast.expr) -> ast.expr | None:
    """A warmup of numbers, options and the total alone; None where anything else is in it, or no total."""
    made = _followed(loop, warmup, 0)
    return made if made is not None and _PASSED in ast.walk(made) else None


def _followed(loop: LoopSyntax, node: ast.expr, depth: int) -> ast.expr | None:
    """An expression in which names are what they are assigned, where that is once."""
    if found := _of_total(loop, node):
        return found
    match node:
        case ast.Constant(value=int() | float()):
            return node
        case ast.BinOp(left=left, right=right):
            parts = _all(loop, [left, right], depth)
            return parts and ast.BinOp(parts[0], node.op, parts[1], lineno=node.lineno)
        case ast.Call(args=[_, *_] as words, keywords=[]) if computes(_function(node)):
            parts = _all(loop, words, depth)
            return parts and ast.Call(node.func, parts, [], lineno=node.lineno)
        case ast.Name() | ast.Attribute(value=ast.Name()) if not _is_changed(loop, node):
            return _said(loop, node, depth)
    return None


def _said(loop: LoopSyntax, node: ast.expr, depth: int) -> ast.expr | None:
    """What a name is assigned once, or the option itself, that no line sets."""
    made = loop.values.get(ast.unparse(node), [])
    if isinstance(node, ast.Attribute):
        return None if made else node
    return _followed(loop, made[0], depth + 1) if len(made) == 1 and depth < DEEPEST else None


def _all(loop: LoopSyntax, nodes: list[ast.expr], depth: int) -> Any:
    """Several of them; None where one cannot be followed."""
    found = [_followed(loop, one, depth) for one in nodes]
    return None if None in found else found


def _of_total(loop: LoopSyntax, node: ast.expr) -> ast.expr | None:
    """The total as it is passed, or without the factors that it is passed with."""
    total = loop.scheduler.total
    if isinstance(node, ast.Constant):
        return None
    if ast.unparse(total) == ast.unparse(node):
        return _PASSED
    parts = list(factors(total))
    times = [one for one in parts if is_counted(one)]
    own = [ast.unparse(one) for one in parts if one not in times]
    if own != [ast.unparse(node)] or loop.mentions(node, PROCESSES):
        return None
    found: ast.expr = _PASSED
    for one in times:
        found = ast.BinOp(found, ast.FloorDiv(), one, lineno=node.lineno)
    return found


def _is_changed(loop: LoopSyntax, node: ast.expr) -> bool:
    """Whether a line adds to it, or multiplies it."""
    changed = (one.target for one in loop.nodes if isinstance(one, ast.AugAssign))
    return any(ast.unparse(one) == ast.unparse(node) for one in changed)


def computed(formula: ast.expr, total: int, value: Callable[[str], Any]) -> Any:
    """What it is, where the scheduler's total is ``total`` and an option has a ``value``."""
    match formula:
        case ast.Name():
            return total
        case ast.Constant():
            return formula.value
        case ast.Attribute():
            return value(formula.attr)
        case ast.BinOp():
            parts = [computed(one, total, value) for one in (formula.left, formula.right)]
            return combine(formula.op, parts, formula.lineno)
        case ast.Call():
            parts = [computed(one, total, value) for one in formula.args]
            unknown = next((one for one in parts if isinstance(one, Unknown)), None)
            return unknown or function_of(_function(formula), parts, formula.lineno)
    return None


def _function(call: ast.Call) -> str:
    """``math.ceil``, also where it is imported by that name."""
    name = dotted(call.func)
    return f"math.{name}" if name in ("ceil", "floor") else name
