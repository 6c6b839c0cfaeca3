"""Where the loops around a scheduler's step are no epochs of all batches of a loader that is prepared."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.python.call_syntax import called, given_to
from lrviz.inputs.foreign.python.departure import Departure, at
from lrviz.inputs.foreign.python.loop_batches import (
    SKIPS,
    is_never_prepared,
    loader_of,
    loops_around,
    origin_of,
    shared_out,
    turns_of,
)
from lrviz.inputs.foreign.python.loop_totals import STEPS
from lrviz.inputs.foreign.python.schedule_calls import is_of_schedule
from lrviz.inputs.foreign.python.scheduler_calls import ACCUMULATION, PROCESSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.python.loop_totals import LoopSyntax

_RESUMED = "resum"
"""Conditions of a run that goes on from a checkpoint are named by it."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_UPDATING = ("opt", "scaler")
"""Names of what makes an update."""
_SHOWING = {"get", "log", "print", "show", "current", "format"}
_LEAVES = (ast.Break, ast.Continue, ast.Return)


def departures_of_rounds(loop: LoopSyntax, step: ast.Call) -> Iterator[Departure]:
    """Each of them."""
    loops = loops_around(loop, step)
    if given_to(step):
        yield at(f"its scheduler is stepped to {ast.unparse(given_to(step)[0])}", step)
    if len(loops) > 2:
        yield at("it is trained in a loop within another", step)
    for one in loops:
        yield from _of_leaving(loop, one, is_inner=one is loops[0])
    yield from _of_twice(loop, loops)
    yield from _of_order(loop, step)
    yield from _of_first(loop)
    yield from _of_groups(loop)
    if loops[1:]:
        yield from _of_batches(loop, loops[0])


def _of_leaving(loop: LoopSyntax, turns: ast.For | ast.While, *, is_inner: bool) -> Iterator[Departure]:
    """An epoch has all its batches, but for the last one of ``max_train_steps``, or those of a run before."""
    for one in ast.walk(turns):
        if not isinstance(one, _LEAVES) or not _leaves(loop, one, turns):
            continue
        tests = _tests(loop, one, turns)
        test = tests[0] if tests else "True"
        if isinstance(one, ast.Continue):
            if not any(_RESUMED in named for named in tests):
                yield at(f"it may skip {'batches' if is_inner else 'epochs'}, if {test}", one)
        elif STEPS not in test and is_inner and isinstance(one, ast.Break):
            yield at(f"it may leave an epoch early, if {test}", one)
        elif STEPS not in test:
            yield at(f"it leaves its loop, if {test}", one)._replace(is_end=True)


def _leaves(loop: LoopSyntax, node: ast.stmt, turns: ast.For | ast.While) -> bool:
    """Whether it is of this loop, and of none within it nor of a function."""
    around = next(one for one in loop.above(node) if isinstance(one, (ast.For, ast.While, *_FUNCTIONS)))
    return around is turns


def _tests(loop: LoopSyntax, node: ast.AST, turns: ast.AST) -> list[str]:
    """The conditions within a loop that a node stands in, the innermost first."""
    found = []
    for one in loop.above(node):
        if one is turns:
            break
        found += [ast.unparse(one.test)] if isinstance(one, ast.If) else []
    return found


def _of_first(loop: LoopSyntax) -> Iterator[Departure]:
    """An epoch is without its first batches in a run that goes on from a checkpoint alone."""
    for one in loop.calls:
        is_always = not any(isinstance(over, (ast.If, ast.IfExp)) for over in loop.above(one))
        if called(one) == SKIPS and is_always:
            yield at("it leaves out the first batches of an epoch", one)


def _of_twice(loop: LoopSyntax, loops: list[ast.For | ast.While]) -> Iterator[Departure]:
    """An update is made once of the same gradients."""
    within = {id(one) for turns in loops[:1] for one in ast.walk(turns)}
    steps = [one for one in loop.calls if called(one) == "step" and id(one) in within]
    blocks = Counter((_block(loop, one), ast.unparse(one)) for one in steps)
    for one in steps:
        if blocks[_block(loop, one), ast.unparse(one)] > 1:
            yield at(f"{ast.unparse(one)} is called again", one)
            return


def _of_order(loop: LoopSyntax, step: ast.Call) -> Iterator[Departure]:
    """The scheduler is stepped behind the optimizer: before it, an update has the LR of the next."""
    block = _block(loop, step)
    others = [one for one in loop.calls if called(one) == "step" and one not in loop.scheduler.steps]
    beside = [one for one in others if _block(loop, one) == block]
    lines = [one.lineno for one in beside if any(word in ast.unparse(one.func) for word in _UPDATING)]
    if step in loop.scheduler.steps and lines and step.lineno < min(lines):
        yield at("its scheduler is stepped before its optimizer", step)


def _block(loop: LoopSyntax, call: ast.Call) -> tuple[int, bool]:
    """The lines that a call stands among: those of a condition, or those of its ``else``."""
    line, around, *_ = loop.above(call)
    return id(around), line in getattr(around, "orelse", ())


def _of_groups(loop: LoopSyntax) -> Iterator[Departure]:
    """``group["lr"] = …`` of what its optimizer has."""
    loops = [
        one for one in loop.nodes if isinstance(one, ast.For) and "param_groups" in ast.unparse(one.iter)
    ]
    held = {name.id for one in loops for name in ast.walk(one.target) if isinstance(name, ast.Name)}
    for one in loop.nodes:
        if isinstance(one, (ast.Assign, ast.AugAssign)):
            targets = one.targets if isinstance(one, ast.Assign) else [one.target]
            if any(_is_lr(target, held) for target in targets):
                yield at(f"it sets an LR itself, by {ast.unparse(one)}", one)
        elif isinstance(one, ast.Call) and (_updates_lr(one, held) or _is_told_to_set(loop, one)):
            yield at(f"it sets an LR itself, by {ast.unparse(one)}", one)


def _updates_lr(call: ast.Call, held: set[str]) -> bool:
    """``group.update(lr=…)``, also of a dict."""
    match call:
        case ast.Call(func=ast.Attribute(value=of, attr="update" | "__setitem__")):
            is_group = "param_groups" in ast.unparse(of) or ast.unparse(of) in held
            words = {getattr(one, "arg", getattr(one, "value", "")) for one in ast.walk(call)}
            return is_group and "lr" in words
    return False


def _is_told_to_set(loop: LoopSyntax, call: ast.Call) -> bool:
    """``set_lr(optimizer, …)`` of another module, by its name."""
    imports = [one for one in loop.nodes if isinstance(one, (ast.Import, ast.ImportFrom))]
    names = {(name.asname or name.name).split(".")[0] for one in imports for name in one.names}
    words = {*called(call).lower().split("_")}
    is_named = bool({"lr", "learning"} & words) and not _SHOWING & words and called(call).islower()
    return (
        is_named
        and not is_of_schedule(called(call))
        and ast.unparse(call.func).split(".")[0] in names
        and any("optimizer" in ast.unparse(one) for one in given_to(call))
    )


def _is_lr(target: ast.expr, held: set[str]) -> bool:
    match target:
        case ast.Subscript(value=of, slice=ast.Constant(value="lr")):
            return "param_groups" in ast.unparse(of) or ast.unparse(of) in held
    return False


def _of_batches(loop: LoopSyntax, turns: ast.For | ast.While) -> Iterator[Departure]:
    """It goes through a loader that accelerate shares out, with an optimizer that accelerate has wait."""
    loader, made = loader_of(loop, turns), shared_out(loop)
    if not loader:
        text = ast.unparse(turns_of(turns)) if isinstance(turns, ast.For) else ast.unparse(turns.test)
        yield at(f"its epochs go through {text}, and not the batches of a loader", turns)
        return
    is_whole = is_never_prepared(loop, loader)
    if loader not in made and not is_whole:
        yield at(f"whether accelerate shares out {loader} is not plain", turns, needs=PROCESSES)
    if loop.turns:
        return
    if loader not in made:
        yield at(f"accelerate does not know where {loader} ends", turns, needs=ACCUMULATION)
    for one in _optimizers(loop):
        if origin_of(loop, one, turns) not in made:
            yield at(f"accelerate does not have {ast.unparse(one)} wait", one, needs=ACCUMULATION)


def _optimizers(loop: LoopSyntax) -> Iterator[ast.expr]:
    """What an update is made by."""
    for one in loop.calls:
        is_step = called(one) == "step" and one not in loop.scheduler.steps
        if is_step and isinstance(one.func, ast.Attribute) and "opt" in ast.unparse(one.func.value):
            yield one.func.value
