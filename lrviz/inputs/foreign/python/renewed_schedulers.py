"""Where the name by which a loop steps its scheduler is given another one."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lrviz.catalogue.names import lookup
from lrviz.inputs.foreign.python.call_syntax import called, keyword, text_of
from lrviz.inputs.foreign.python.departure import Departure, at
from lrviz.inputs.foreign.python.loop_batches import prepared
from lrviz.inputs.foreign.python.schedule_calls import is_of_schedule
from lrviz.inputs.foreign.python.scheduler_calls import BY_NAME
from lrviz.inputs.foreign.python.script_syntax import DEEPEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.python.loop_totals import LoopSyntax
    from lrviz.inputs.foreign.python.scheduler_calls import SchedulerCall

_OF_DEEPSPEED = ("DummyScheduler", "initialize")
"""What gives a scheduler that DeepSpeed makes of its config, or has been given."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def renewals(loop: LoopSyntax, schedule: str) -> Iterator[Departure]:
    """Each line that makes it another: one by a condition is asked for by the option of the ``schedule``."""
    made = loop.scheduler
    known = [made.node, *made.parts, *prepared(loop)]
    for line, value in _set(loop, {*made.holders, *map(_stepped, made.steps)}):
        others = [
            one
            for one in _calls(loop, value)
            if one not in known and called(one) not in _OF_DEEPSPEED and not _makes(loop, one, made.node)
        ]
        ours, theirs = _branches(loop, made.node), _branches(loop, line)
        is_overwritten = line.lineno < made.node.lineno and ours.items() <= theirs.items()
        if others and not is_overwritten and not _is_by_name(made, others[0], ours, theirs):
            text = f"its scheduler is also {called(others[0])}(…)"
            yield at(text, line, "" if ours == theirs else schedule)


def others_beside(loop: LoopSyntax) -> Iterator[Departure]:
    """A scheduler of the same optimizer under another name: ``swa = SWALR(optimizer, …)``."""
    made = loop.scheduler
    ours = _optimizer(made.node)
    for one in loop.calls:
        is_known = is_of_schedule(called(one)) and lookup(called(one)) is not None
        is_set = any(one in values for name, values in loop.values.items() if name not in made.holders)
        if is_known and is_set and ours == _optimizer(one) and one not in (made.node, *made.parts):
            yield at(f"it has another scheduler beside, {called(one)}(…)", one)


def _optimizer(call: ast.Call) -> str:
    """What a scheduler is made for: the first thing, or the second behind a name, by place."""
    placed = call.args[called(call) == BY_NAME :]
    said = keyword(call, "optimizer") or next(iter(placed), None)
    return ast.unparse(said) if said else ""


def _stepped(step: ast.Call) -> str:
    return ast.unparse(step.func.value) if isinstance(step.func, ast.Attribute) else ""


def _set(loop: LoopSyntax, names: set[str]) -> Iterator[tuple[ast.stmt, ast.expr]]:
    """The lines that set one of these names where it is made or stepped, with what they set it to."""
    made = loop.scheduler
    functions = [_function(loop, one) for one in (made.node, *made.steps)]
    for one in loop.nodes:
        if isinstance(one, ast.Assign) and _function(loop, one) in functions:
            pairs = [pair for target in one.targets for pair in _pairs(target, one.value)]
            yield from ((one, value) for target, value in pairs if ast.unparse(target) in names)


def _function(loop: LoopSyntax, node: ast.AST) -> ast.AST | None:
    return next((one for one in loop.above(node) if isinstance(one, _FUNCTIONS)), None)


def _pairs(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """Each name that is set, with its value, or with the call that gives several."""
    if not isinstance(target, (ast.Tuple, ast.List)):
        return [(target, value)]
    if isinstance(value, (ast.Tuple, ast.List)):
        return [*zip(target.elts, value.elts, strict=False)]
    return [(one, value) for one in target.elts]


def _calls(loop: LoopSyntax, value: ast.expr, depth: int = 0) -> list[ast.Call]:
    """The calls that may make a value."""
    parts: list[ast.expr] = []
    match value:
        case ast.Call():
            return [value]
        case ast.IfExp(body=first, orelse=last):
            parts = [first, last]
        case ast.BoolOp(values=values):
            parts = values
        case ast.Name(id=name) if depth < DEEPEST:
            parts = loop.values.get(name, [])
    return [call for one in parts for call in _calls(loop, one, depth + 1)]


def _makes(loop: LoopSyntax, call: ast.Call, node: ast.Call, depth: int = 0) -> bool:
    """Whether a function of the script's own makes the scheduler that is read."""
    own = [one for one in loop.nodes if isinstance(one, ast.FunctionDef) and one.name == called(call)]
    within = [one for function in own for one in ast.walk(function) if isinstance(one, ast.Call)]
    return node in within or (depth < DEEPEST and any(_makes(loop, one, node, depth + 1) for one in within))


def _branches(loop: LoopSyntax, node: ast.AST) -> dict[ast.If, bool]:
    """The conditions that a node stands under, and whether they hold there."""
    found, inner = {}, node
    for one in loop.above(node):
        if isinstance(one, ast.If):
            found[one] = inner not in one.orelse
        inner = one
    return found


def _is_by_name(
    made: SchedulerCall, other: ast.Call, ours: dict[ast.If, bool], theirs: dict[ast.If, bool]
) -> bool:
    """Whether the name of the schedule alone chooses between both, and means the same schedule."""
    if made.named is None:
        return False
    for one in ours.keys() & theirs.keys():
        match one.test:
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[ast.Constant(value=str(name))]):
                is_same = lookup(f"transformers.{name}") is None or _is_constant(other, name)
                if ast.unparse(left) == ast.unparse(made.named) and theirs[one] and not ours[one] and is_same:
                    return True
    return False


def _is_constant(call: ast.Call, name: str) -> bool:
    """Whether it is the one schedule whose lengths change nothing, by its name."""
    first = call.args[0] if call.args else keyword(call, "name")
    return called(call) == BY_NAME and text_of(first) == name == "constant"
