"""What a script multiplies its warmup and its total by where it makes its scheduler."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.python.loop_batches import is_never_prepared, loader_of, shared_out
from lrviz.inputs.foreign.python.scheduler_calls import (
    ACCUMULATION,
    PROCESSES,
    WARMUP,
    SchedulerCall,
    is_counted,
    own_factors,
    scheduler_calls,
)
from lrviz.inputs.foreign.python.script_syntax import DEEPEST, ScriptSyntax, factors

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPTION, _QUOTIENTS = "warmup_steps", (ast.Div, ast.FloorDiv)


class Factors(NamedTuple):
    """The factors of the warmup, and of the total where the steps are said and where the epochs tell them.

    ``is_after`` tells whether it counts the epochs once the batches are shared out, ``is_from_first`` whether
    it makes an update at the first batch of each group, and at the last of the epoch. ``made`` is what makes
    the warmup where that is no product of the option, ``name`` the schedule that it calls. Batches that are
    not ``is_shared`` are those of every process.
    """

    warmup: frozenset[str]
    total: frozenset[str]
    of_epochs: frozenset[str]
    is_prepared: bool
    is_after: bool = False
    is_from_first: bool = False
    made: str = ""
    name: str = ""
    is_shared: bool = True


def factors_of(module: ast.Module) -> Factors | None:
    """Those of the calls that make a scheduler; None where there is none, or they differ."""
    found = {factors_of_call(call) for call in scheduler_calls(ScriptSyntax(module))}
    return found.pop() if len(found) == 1 else None


def factors_of_call(call: SchedulerCall) -> Factors:
    """Those of one call."""
    values, warmup = call.syntax.values, call.warmup
    said, of_epochs = _branches(call.total)
    total = frozenset(_factors(said, values))
    is_zero = _is_constant(warmup, 0)
    is_option = is_zero or _is_option(warmup, _before(call))
    return Factors(
        total if is_zero else frozenset(_factors(warmup, values)),
        total,
        frozenset(_factors(of_epochs, values)),
        call.is_prepared,
        is_after=_is_after(of_epochs, call),
        is_from_first=any(map(_is_of_first, call.syntax.nodes)),
        made="" if is_option else f"{WARMUP}={ast.unparse(warmup)} in line {call.node.lineno}",
        name=call.schedule,
        is_shared=not _is_whole(call),
    )


def _is_whole(call: SchedulerCall) -> bool:
    """Whether its loop has the batches of a loader that no line prepares."""
    return any(is_never_prepared(call.syntax, loader_of(call.syntax, one)) for one in call.loops[:1])


def _before(call: SchedulerCall) -> dict[str, list[ast.expr]]:
    """What each variable is set to above a call."""
    values = call.syntax.values.items()
    return {name: [one for one in found if one.lineno < call.node.lineno] for name, found in values}


def _is_option(value: ast.expr, values: dict[str, list[ast.expr]], depth: int = 0) -> bool:
    """Whether it is the warmup that the options say, or a product of it."""
    return all(_is_said(one, values, depth) for one in own_factors(value) if not _is_constant(one, 1))


def _is_constant(value: ast.expr, number: int) -> bool:
    return isinstance(value, ast.Constant) and value.value == number


def _is_said(value: ast.expr, values: dict[str, list[ast.expr]], depth: int) -> bool:
    if made := values.get(ast.unparse(value)):
        return depth < DEEPEST and all(_is_option(one, values, depth + 1) for one in made)
    return ast.unparse(value).endswith(_OPTION)


def _is_after(total: ast.expr, call: SchedulerCall) -> bool:
    """Whether the batches that a total counts are those of a loader that accelerate has shared out."""
    counted, shared = dict(_lengths(total, _before(call))), shared_out(call.syntax)
    is_theirs = any(name in shared and shared[name] < line for name, line in counted.items())
    return is_theirs or _is_divided(total, call.syntax.values)


def _is_divided(value: ast.expr, values: dict[str, list[ast.expr]], depth: int = 0) -> bool:
    """Whether batches are shared out by hand: ``math.ceil(len(loader) / accelerator.num_processes)``."""
    nodes = [*ast.walk(value)]
    quotients = [one for one in nodes if isinstance(one, ast.BinOp) and isinstance(one.op, _QUOTIENTS)]
    if any(getattr(one.right, "attr", "") == PROCESSES for one in quotients):
        return True
    names = [ast.unparse(one) for one in nodes if isinstance(one, (ast.Name, ast.Attribute))]
    made = [one for name in names if depth < DEEPEST for one in values.get(name, ())]
    return any(_is_divided(one, values, depth + 1) for one in made)


def _lengths(value: ast.expr, values: dict[str, list[ast.expr]], depth: int = 0) -> Iterator[tuple[str, int]]:
    """The loaders whose ``len`` a value is made of, and where that is taken."""
    for one in ast.walk(value):
        if isinstance(one, ast.Call) and ast.unparse(one.func) == "len" and one.args:
            yield ast.unparse(one.args[0]), one.lineno
        elif isinstance(one, (ast.Name, ast.Attribute)) and depth < DEEPEST:
            for made in values.get(ast.unparse(one), ()):
                yield from _lengths(made, values, depth + 1)


def _is_of_first(node: ast.AST) -> bool:
    """Whether it makes an update at a batch whose number is a multiple of the accumulation: 0 is one."""
    if not isinstance(node, ast.If) or not any(map(_is_multiple, ast.walk(node.test))):
        return False
    return any("optimizer.step()" in ast.unparse(one) for one in node.body)


def _is_multiple(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Compare)
        and isinstance(node.left, ast.BinOp)
        and isinstance(node.left.op, ast.Mod)
        and isinstance(node.left.left, ast.Name)
        and ast.unparse(node.left.right).endswith(ACCUMULATION)
        and ast.unparse(node.comparators[0]) == "0"
    )


def _branches(total: ast.expr) -> tuple[ast.expr, ast.expr]:
    """The total as it is where the steps are said, and where the epochs tell them: ``overrode_…``."""
    if isinstance(total, ast.IfExp) and "overrode" in ast.unparse(total.test):
        return total.orelse, total.body
    return total, total


def _factors(value: ast.expr, values: dict[str, list[ast.expr]], depth: int = 0) -> Iterator[str]:
    """The names that a value is multiplied by, also where a variable stands for a product."""
    for one in factors(value):
        if isinstance(one, ast.Attribute) and is_counted(one):
            yield one.attr
        elif isinstance(one, ast.Name) and depth < DEEPEST:
            for made in values.get(one.id, ()):
                yield from _factors(made, values, depth + 1)
