"""The warmup that a script makes of its run: ``int(args.warmup_ratio * total)``, ``2 * len(loader)``."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any, TypeGuard

from lrviz.inputs.foreign.python.call_syntax import called, dotted
from lrviz.inputs.foreign.python.loop_batches import is_of_evaluation, shared_out
from lrviz.inputs.foreign.python.python_values import combine, computes, function_of
from lrviz.inputs.foreign.python.scheduler_calls import ACCUMULATION, PROCESSES, is_counted
from lrviz.inputs.foreign.python.script_syntax import DEEPEST, factors
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from lrviz.inputs.foreign.python.loop_totals import LoopSyntax

PASSED, BEFORE, SHARED = "scheduler steps", "batches of all processes", "batches"
"""What the scheduler is given as its total, and the batches before they are shared out and after."""
LEAVES = (PASSED, BEFORE, SHARED)
_QUOTIENTS = (ast.Div, ast.FloorDiv)


def warmup_formula(loop: LoopSyntax, warmup: ast.expr) -> ast.expr | None:
    """A warmup of numbers, options, the total and batches; None where anything else is in it, or neither."""
    made = _followed(loop, warmup, 0)
    return made if made is not None and any(map(_is_leaf, ast.walk(made))) else None


def formula_of(loop: LoopSyntax, value: ast.expr) -> ast.expr | None:
    """Numbers, options, the total and batches; None where anything else is in it."""
    return _followed(loop, value, 0)


def _is_leaf(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and node.id in LEAVES


def _followed(loop: LoopSyntax, node: ast.expr, depth: int) -> ast.expr | None:
    """An expression in which names are what they are assigned, where that is once."""
    if found := _of_total(loop, node) or _batches(loop, node):
        return found
    match node:
        case ast.Constant(value=int() | float()):
            return node
        case ast.BinOp(left=left, right=right):
            parts = _all(loop, [left, right], depth)
            if parts and isinstance(node.op, _QUOTIENTS) and _is_accumulation(loop, right, parts[0]):
                parts[1] = ast.Name(ACCUMULATION)
            return parts and ast.BinOp(parts[0], node.op, parts[1], lineno=node.lineno)
        case ast.Call(args=[_, *_] as words, keywords=[]) if computes(function_name(node)):
            parts = _all(loop, words, depth)
            return parts and ast.Call(node.func, parts, [], lineno=node.lineno)
        case ast.Name() | ast.Attribute(value=ast.Name()) if not _is_changed(loop, node):
            return _said(loop, node, depth)
    return None


def _is_accumulation(loop: LoopSyntax, by: ast.expr, what: ast.expr) -> bool:
    """Whether it is divided by the batches of an update; a number may be anything else, but of batches."""
    is_plain = not isinstance(by, ast.Constant) or (_is_leaf(what) and what.id != PASSED)
    return is_plain and loop.is_accumulation(by)


def is_in_updates(formula: ast.expr) -> bool:
    """Whether its batches are divided by those of an update."""
    return any(isinstance(one, ast.Name) and one.id == ACCUMULATION for one in ast.walk(formula))


def _said(loop: LoopSyntax, node: ast.expr, depth: int) -> ast.expr | None:
    """What a name is assigned once, or the option itself, that no line sets."""
    if not isinstance(node, ast.Name):
        return None if loop.values.get(ast.unparse(node)) else node
    made = loop.assigned_to(node)
    made = [one for one in made if one.lineno < loop.scheduler.node.lineno] or made
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
        return ast.Name(PASSED)
    parts = list(factors(total))
    times = [one for one in parts if is_counted(one)]
    own = [ast.unparse(one) for one in parts if one not in times]
    if own != [ast.unparse(node)] or loop.mentions(node, PROCESSES):
        return None
    found: ast.expr = ast.Name(PASSED)
    for one in times:
        found = ast.BinOp(found, ast.FloorDiv(), one, lineno=node.lineno)
    return found


def _batches(loop: LoopSyntax, node: ast.expr) -> ast.expr | None:
    """``len(loader)`` of the loader that is trained with; None of anything else."""
    if not isinstance(node, ast.Call) or dotted(node.func) != "len" or not node.args:
        return None
    name = ast.unparse(node.args[0])
    if is_of_evaluation(name) or not _is_trained_with(loop, name):
        return None
    since = shared_out(loop).get(name)
    return ast.Name(SHARED if since is not None and since < node.lineno else BEFORE)


def _is_trained_with(loop: LoopSyntax, name: str) -> bool:
    """Whether it is a ``DataLoader``, or gives the batches of a loop that makes gradients."""
    made = loop.values.get(name, [])
    if any(isinstance(one, ast.Call) and called(one) == "DataLoader" for one in made):
        return True
    loops = (one for one in loop.nodes if isinstance(one, ast.For) and "backward(" in ast.unparse(one))
    return any(ast.unparse(node) == name for one in loops for node in ast.walk(one.iter))


def _is_changed(loop: LoopSyntax, node: ast.expr) -> bool:
    """Whether a line adds to it, or multiplies it."""
    changed = (one.target for one in loop.nodes if isinstance(one, ast.AugAssign))
    return any(ast.unparse(one) == ast.unparse(node) for one in changed)


def computed(formula: ast.expr, value: Callable[[str], Any]) -> Any:
    """What it is, where the total, the batches and the options have a ``value``."""
    match formula:
        case ast.Constant():
            return formula.value
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return value(name)
        case ast.BinOp():
            parts = [computed(one, value) for one in (formula.left, formula.right)]
            return combine(formula.op, parts, formula.lineno)
        case ast.Call():
            parts = [computed(one, value) for one in formula.args]
            unknown = next((one for one in parts if isinstance(one, Unknown)), None)
            return unknown or function_of(function_name(formula), parts, formula.lineno)
    return None


def written(formula: ast.expr, value: Callable[[str], Any], names: Collection[str] = LEAVES) -> str:
    """A formula with the numbers of the run in it."""
    text = ast.unparse(formula)
    for name in {one.id for one in ast.walk(formula) if isinstance(one, ast.Name) and one.id in names}:
        text = re.sub(rf"\b{name}\b(?! of)", str(value(name)), text)
    return text


def function_name(call: ast.Call) -> str:
    """``math.ceil``, also where it is imported by that name."""
    name = dotted(call.func)
    return f"math.{name}" if name in ("ceil", "floor") else name
