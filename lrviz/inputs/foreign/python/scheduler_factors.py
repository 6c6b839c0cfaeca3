"""What a script multiplies its warmup and its total by where it makes its scheduler, and who steps that."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

PROCESSES, ACCUMULATION = "num_processes", "gradient_accumulation_steps"
_WARMUP, _TOTAL = "num_warmup_steps", "num_training_steps"
_DEEPEST = 5


class Factors(NamedTuple):
    """The factors of the warmup, and of the total where the steps are said and where the epochs tell them."""

    warmup: frozenset[str]
    total: frozenset[str]
    of_epochs: frozenset[str]
    is_prepared: bool


def factors_of(module: ast.Module) -> Factors | None:
    """Those of the calls with both lengths as keywords; None where there is none, or they differ."""
    values = _assigned(module)
    found = {_of_call(call, module, values) for call in _calls(module)}
    return found.pop() if len(found) == 1 else None


def _calls(module: ast.Module) -> Iterator[ast.Call]:
    for one in ast.walk(module):
        if isinstance(one, ast.Call) and {_WARMUP, _TOTAL} <= {word.arg for word in one.keywords}:
            yield one


def _of_call(call: ast.Call, module: ast.Module, values: dict[str, list[ast.expr]]) -> Factors:
    words = {word.arg: word.value for word in call.keywords}
    said, of_epochs = _branches(words[_TOTAL])
    warmup = frozenset(_factors(words[_WARMUP], values))
    total = frozenset(_factors(said, values))
    is_zero = isinstance(words[_WARMUP], ast.Constant)
    epochs = frozenset(_factors(of_epochs, values))
    return Factors(total if is_zero else warmup, total, epochs, _is_prepared(module, call))


def _branches(total: ast.expr) -> tuple[ast.expr, ast.expr]:
    """The total as it is where the steps are said, and where the epochs tell them: ``overrode_…``."""
    if isinstance(total, ast.IfExp) and "overrode" in ast.unparse(total.test):
        return total.orelse, total.body
    return total, total


def _factors(value: ast.expr, values: dict[str, list[ast.expr]], depth: int = 0) -> Iterator[str]:
    """The names that a value is multiplied by, also where a variable stands for a product."""
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult):
        yield from _factors(value.left, values, depth)
        yield from _factors(value.right, values, depth)
    elif isinstance(value, ast.Attribute) and value.attr in (PROCESSES, ACCUMULATION):
        yield value.attr
    elif isinstance(value, ast.Name) and depth < _DEEPEST:
        for one in values.get(value.id, ()):
            yield from _factors(one, values, depth + 1)


def _assigned(module: ast.Module) -> dict[str, list[ast.expr]]:
    """What each variable is set to, anywhere."""
    found: dict[str, list[ast.expr]] = {}
    for one in ast.walk(module):
        if isinstance(one, ast.Assign):
            for target in one.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(one.value)
    return found


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
