"""The total that a script makes of its batches otherwise: ``len(loader) * epochs // accumulation``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.python.call_syntax import given_to
from lrviz.inputs.foreign.python.loop_batches import loader_of, prepared, shared_out
from lrviz.inputs.foreign.python.loop_totals import EPOCHS
from lrviz.inputs.foreign.python.python_values import computes
from lrviz.inputs.foreign.python.scheduler_calls import ACCUMULATION, PROCESSES
from lrviz.inputs.foreign.python.script_syntax import DEEPEST
from lrviz.inputs.foreign.python.warmup_formulas import BEFORE, SHARED, function_name

if TYPE_CHECKING:
    from lrviz.inputs.foreign.python.loop_totals import LoopSyntax

NUMBERS = (BEFORE, SHARED, EPOCHS, ACCUMULATION, PROCESSES)
"""The names in a formula."""
_OPERATORS = (ast.Mult, ast.Div, ast.FloorDiv)


def total_formula(loop: LoopSyntax) -> ast.expr | None:
    """Batches, epochs, accumulation, processes and numbers; None of anything else, or without batches."""
    made = _followed(loop, loop.scheduler.total, 0)
    names = {one.id for one in ast.walk(made) if isinstance(one, ast.Name)} if made else set()
    return made if names & {BEFORE, SHARED} else None


def _followed(loop: LoopSyntax, node: ast.expr, depth: int) -> ast.expr | None:
    """An expression in which names are what they are assigned, where that is once."""
    match node:
        case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)]):
            return _batches(loop, name, node.lineno)
        case ast.Call(args=[_, *_] as words, keywords=[]) if computes(function_name(node)):
            parts = [part for one in words if (part := _followed(loop, one, depth))]
            is_whole = len(parts) == len(words)
            return ast.Call(node.func, parts, [], lineno=node.lineno) if is_whole else None
        case ast.BinOp(left=left, op=op, right=right) if isinstance(op, _OPERATORS):
            by = None if isinstance(op, ast.Mult) else _accumulation(loop, right)
            first, second = _factor(loop, left, depth), by or _factor(loop, right, depth)
            return first and second and ast.BinOp(first, op, second, lineno=node.lineno)
        case ast.Constant(value=int()) | ast.Attribute(attr="num_processes"):
            return node if isinstance(node, ast.Constant) else ast.Name(PROCESSES)
        case ast.Name():
            made = loop.assigned_to(node)
            return _followed(loop, made[0], depth + 1) if len(made) == 1 and depth < DEEPEST else None
    return None


def _factor(loop: LoopSyntax, node: ast.expr, depth: int) -> ast.expr | None:
    """The epochs of the loop, or anything else."""
    counted = [turns for one in loop.scheduler.loops[-1:] if (turns := loop.counted_to(one))]
    if loop.is_among(node, counted):
        return ast.Name(EPOCHS)
    return _followed(loop, node, depth) or _accumulation(loop, node)


def _accumulation(loop: LoopSyntax, node: ast.expr) -> ast.expr | None:
    """What gradients are accumulated by, in accelerate or by the loop."""
    turns = {ast.unparse(by) for _, by in loop.turns}
    is_own = loop.is_accumulation(node) or ast.unparse(node) in turns
    return ast.Name(ACCUMULATION) if is_own else None


def _batches(loop: LoopSyntax, name: str, line: int) -> ast.expr | None:
    """The length of the loader that is trained with, or of what accelerate makes that of."""
    trained = [loader_of(loop, one) for one in loop.scheduler.loops[:1]]
    prepared_by = [*prepared(loop)]
    made = [one for own in trained for one in loop.values.get(own, []) if one in prepared_by]
    given = {ast.unparse(word) for one in made for word in given_to(one)}
    if name not in trained and name not in given:
        return None
    since = shared_out(loop).get(name)
    return ast.Name(SHARED if since is not None and since < line else BEFORE)
