"""Functions of a script that make one row of each in ``map(…, batched=True)``: they tokenize a column.

Source: datasets 5.2.0 ``arrow_dataset.py``: all columns of a batch have one length; transformers 5.23.0
``tokenization_utils_base.py``: a tokenizer gives one for each text, but for overflowing tokens.
"""

from __future__ import annotations

import ast
from collections import Counter
from typing import NamedTuple, TypeGuard

from lrviz.inputs.foreign.python.batch_changes import is_left_whole, is_maker
from lrviz.inputs.foreign.python.call_syntax import called, keyword, name_of

_OVERFLOW = "return_overflowing_tokens"


class OfEach(NamedTuple):
    """Their names, and those of all functions of the script, which are no tokenizers of another's."""

    names: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()


def functions_of_each(module: ast.Module) -> OfEach:
    """Those of a script."""
    functions = [one for one in ast.walk(module) if isinstance(one, ast.FunctionDef)]
    times = Counter(one.name for one in functions)
    times.update(one.id for one in ast.walk(module) if _is_stored(one))
    own = frozenset(one.name for one in functions)
    found = (one for one in functions if times[one.name] == 1 and _is_of_each(one))
    return OfEach(frozenset(one.name for one in found if not _makes_by(one, own)), own)


def _makes_by(node: ast.AST, own: frozenset[str]) -> bool:
    """Whether what looks like a tokenizer there is a function of the script."""
    calls = (one for one in ast.walk(node) if isinstance(one, ast.Call))
    return any(called(one) in own and is_maker(one) for one in calls)


def is_of_each(function: ast.expr | None, known: OfEach) -> bool:
    """Whether what a ``map`` is given is one of those, or a lambda that does so."""
    if isinstance(function, ast.Lambda) and function.args.args:
        is_made = _tokenizes(function.body, function.args.args[0].arg, {})
        return is_made and not _makes_by(function, known.own)
    return name_of(function) in known.names


def _is_of_each(function: ast.FunctionDef) -> bool:
    """Whether all that it returns is what a tokenizer makes of a column, whatever is added to that."""
    if not function.args.args or function.decorator_list:
        return False
    batch, names = function.args.args[0].arg, _assigned(function)
    returned = [one.value for one in ast.walk(function) if isinstance(one, ast.Return)]
    is_whole = batch not in names and not _set_again(function) & {name_of(one) for one in returned}
    are_made = bool(returned) and is_whole and all(_is_made(one, batch, names) for one in returned)
    return are_made and is_left_whole(function, batch, {name for name in names if _is_made_once(name, names)})


def _is_made(value: ast.expr | None, batch: str, names: dict[str, list[ast.expr]]) -> bool:
    made = names.get(name_of(value), [])
    return _tokenizes(made[0] if len(made) == 1 else value, batch, names)


def _assigned(function: ast.FunctionDef) -> dict[str, list[ast.expr]]:
    """What each of its names is assigned; of a loop or the like a constant, which is no column."""
    found: dict[str, list[ast.expr]] = {}
    for one in ast.walk(function):
        if isinstance(one, ast.Assign) and len(one.targets) == 1 and name_of(one.targets[0]):
            found.setdefault(name_of(one.targets[0]), []).append(one.value)
        elif isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            found.setdefault(one.id, [])
    return found


def _set_again(function: ast.FunctionDef) -> set[str]:
    """What is set as a whole elsewhere than where it is made."""
    stored = Counter(one.id for one in ast.walk(function) if _is_stored(one))
    return {name for name, times in stored.items() if times > 1}


def _is_stored(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _is_made_once(name: str, names: dict[str, list[ast.expr]]) -> bool:
    return len(names[name]) == 1 and is_maker(names[name][0])


def _tokenizes(value: ast.expr | None, batch: str, names: dict[str, list[ast.expr]]) -> bool:
    if not isinstance(value, ast.Call) or not is_maker(value):
        return False
    words = {one.arg for one in value.keywords}
    given = value.args[0] if value.args else keyword(value, "text")
    return not words & {_OVERFLOW, None} and _is_column(given, batch, names)


def _is_column(value: ast.expr | None, batch: str, names: dict[str, list[ast.expr]], depth: int = 0) -> bool:
    """Whether it has one for each of the batch: a column, or a list made of each in one."""
    match value:
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str())):
            return name == batch
        case ast.ListComp(generators=[ast.comprehension(iter=over, ifs=[])]):
            return _is_column(over, batch, names, depth)
        case ast.Name(id=name) if depth < 2 and len(names.get(name, [])) == 1:
            return _is_column(names[name][0], batch, names, depth + 1)
    return False
