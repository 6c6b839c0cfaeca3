"""What a script multiplies its warmup and its total by where it makes its scheduler, and who steps that."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.python.call_syntax import called
from lrviz.inputs.foreign.python.script_syntax import DEEPEST, assigned, factors

if TYPE_CHECKING:
    from collections.abc import Iterator

PROCESSES, ACCUMULATION = "num_processes", "gradient_accumulation_steps"
WARMUP, TOTAL = "num_warmup_steps", "num_training_steps"
FACTORS, _OPTION = (PROCESSES, ACCUMULATION), "warmup_steps"
_SCHEDULES = {
    "get_linear_schedule_with_warmup": "linear",
    "get_cosine_schedule_with_warmup": "cosine",
    "get_cosine_with_hard_restarts_schedule_with_warmup": "cosine_with_restarts",
    "get_polynomial_decay_schedule_with_warmup": "polynomial",
}


class Factors(NamedTuple):
    """The factors of the warmup, and of the total where the steps are said and where the epochs tell them.

    ``is_after`` tells whether it counts the epochs once the batches are shared out, ``is_from_first`` whether
    it makes an update at the first batch of each group, and at the last of the epoch. ``made`` is what makes
    the warmup where that is no product of the option, ``name`` the schedule that it calls.
    """

    warmup: frozenset[str]
    total: frozenset[str]
    of_epochs: frozenset[str]
    is_prepared: bool
    is_after: bool = False
    is_from_first: bool = False
    made: str = ""
    name: str = ""


def factors_of(module: ast.Module) -> Factors | None:
    """Those of the calls with both lengths as keywords; None where there is none, or they differ."""
    values = assigned(module)
    found = {_of_call(call, module, values) for call in scheduler_calls(module)}
    return found.pop() if len(found) == 1 else None


def scheduler_calls(module: ast.Module) -> Iterator[ast.Call]:
    """The calls that are given both lengths as keywords."""
    for one in ast.walk(module):
        if isinstance(one, ast.Call) and {WARMUP, TOTAL} <= {word.arg for word in one.keywords}:
            yield one


def _of_call(call: ast.Call, module: ast.Module, values: dict[str, list[ast.expr]]) -> Factors:
    words = {word.arg: word.value for word in call.keywords}
    said, of_epochs = _branches(words[TOTAL])
    warmup = frozenset(_factors(words[WARMUP], values))
    total = frozenset(_factors(said, values))
    is_zero = _is_constant(words[WARMUP], 0)
    is_option = is_zero or _is_option(words[WARMUP], _before(call, values))
    return Factors(
        total if is_zero else warmup,
        total,
        frozenset(_factors(of_epochs, values)),
        _is_prepared(module, call),
        is_after=_is_after(of_epochs, call, module, values),
        is_from_first=any(map(_is_of_first, ast.walk(module))),
        made="" if is_option else f"{WARMUP}={ast.unparse(words[WARMUP])} in line {call.lineno}",
        name=schedule_name(call),
    )


def _before(call: ast.Call, values: dict[str, list[ast.expr]]) -> dict[str, list[ast.expr]]:
    """What each variable is set to above a call."""
    return {name: [one for one in found if one.lineno < call.lineno] for name, found in values.items()}


def _is_option(value: ast.expr, values: dict[str, list[ast.expr]], depth: int = 0) -> bool:
    """Whether it is the warmup that the options say, or a product of it."""
    parts = [one for one in factors(value) if not _is_constant(one, 1)]
    return all(_is_said(one, values, depth) for one in parts if getattr(one, "attr", "") not in FACTORS)


def _is_constant(value: ast.expr, number: int) -> bool:
    return isinstance(value, ast.Constant) and value.value == number


def _is_said(value: ast.expr, values: dict[str, list[ast.expr]], depth: int) -> bool:
    if made := values.get(ast.unparse(value)):
        return depth < DEEPEST and all(_is_option(one, values, depth + 1) for one in made)
    return ast.unparse(value).endswith(_OPTION)


def _is_after(total: ast.expr, call: ast.Call, module: ast.Module, values: dict[str, list[ast.expr]]) -> bool:
    """Whether the batches that a total counts are those of a loader that accelerate has shared out."""
    counted = dict(_lengths(total, _before(call, values)))
    shared = {ast.unparse(one): made.lineno for made in _prepared(module) for one in _targets(made)}
    return any(name in shared and shared[name] < line for name, line in counted.items())


def _lengths(value: ast.expr, values: dict[str, list[ast.expr]], depth: int = 0) -> Iterator[tuple[str, int]]:
    """The loaders whose ``len`` a value is made of, and where that is taken."""
    for one in ast.walk(value):
        if isinstance(one, ast.Call) and ast.unparse(one.func) == "len" and one.args:
            yield ast.unparse(one.args[0]), one.lineno
        elif isinstance(one, (ast.Name, ast.Attribute)) and depth < DEEPEST:
            for made in values.get(ast.unparse(one), ()):
                yield from _lengths(made, values, depth + 1)


def _prepared(module: ast.Module) -> Iterator[ast.Assign]:
    """Where what accelerate prepares takes the place of what it was."""
    for one in ast.walk(module):
        if isinstance(one, ast.Assign) and isinstance(one.value, ast.Call):
            function = one.value.func
            if isinstance(function, ast.Attribute) and function.attr == "prepare":
                yield one


def _targets(made: ast.Assign) -> Iterator[ast.expr]:
    for target in made.targets:
        yield from target.elts if isinstance(target, ast.Tuple) else [target]


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


def schedule_name(call: ast.Call) -> str:
    """The schedule that stands in the call: of ``get_scheduler`` its first word, else what it calls."""
    function = called(call)
    if function != "get_scheduler":
        return _SCHEDULES.get(function, "")
    said = [*call.args[:1], *(word.value for word in call.keywords if word.arg == "name")]
    return str(said[0].value) if said and isinstance(said[0], ast.Constant) else ""


def _branches(total: ast.expr) -> tuple[ast.expr, ast.expr]:
    """The total as it is where the steps are said, and where the epochs tell them: ``overrode_…``."""
    if isinstance(total, ast.IfExp) and "overrode" in ast.unparse(total.test):
        return total.orelse, total.body
    return total, total


def _factors(value: ast.expr, values: dict[str, list[ast.expr]], depth: int = 0) -> Iterator[str]:
    """The names that a value is multiplied by, also where a variable stands for a product."""
    for one in factors(value):
        if isinstance(one, ast.Attribute) and one.attr in FACTORS:
            yield one.attr
        elif isinstance(one, ast.Name) and depth < DEEPEST:
            for made in values.get(one.id, ()):
                yield from _factors(made, values, depth + 1)


def _is_prepared(module: ast.Module, call: ast.Call) -> bool:
    """Whether the variable that holds the scheduler is handed to ``prepare``."""
    names = {
        target.id
        for one in ast.walk(module)
        if isinstance(one, ast.Assign) and one.value is call
        for target in one.targets
        if isinstance(target, ast.Name)
    }
    return any(
        isinstance(one, ast.Call)
        and isinstance(one.func, ast.Attribute)
        and one.func.attr == "prepare"
        and any(isinstance(word, ast.Name) and word.id in names for word in one.args)
        for one in ast.walk(module)
    )
