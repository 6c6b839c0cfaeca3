"""The LRs that a method of a script, its ``create_optimizer``, makes an optimizer with."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.python_changes import dotted
from lrviz.inputs.foreign.source import Field, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

_LR, _FIELD = "lr", "learning_rate"
_TRAINERS = ("get_optimizer_cls_and_kwargs", "create_optimizer")
"""Methods of the Trainer's own that take the LR of its arguments."""
_DEEPEST = 5


def lrs_of(method: ast.FunctionDef) -> tuple[Any, ...]:
    """Each LR that it has once: a number, the Field of the arguments, or Unknown where none can be read."""
    values = {
        target.id: one.value
        for one in ast.walk(method)
        if isinstance(one, ast.Assign)
        for target in one.targets
        if isinstance(target, ast.Name)
    }
    parts = [one for one in ast.walk(method) if not _is_covered(one, values)]
    found = [_read(one, values, 0) for part in parts for one in _written(part)]
    return tuple(dict.fromkeys(found)) or (Unknown(f"the {method.name} in line {method.lineno}, its own"),)


def _is_covered(node: ast.AST, values: dict[str, ast.expr]) -> bool:
    """Whether it makes an optimizer of groups that all have an LR, beside which its own changes nothing."""
    first = node.args[0] if isinstance(node, ast.Call) and node.args else None
    groups = values.get(first.id) if isinstance(first, ast.Name) else first
    tables = groups.elts if isinstance(groups, ast.List) else []
    return bool(tables) and all(isinstance(one, ast.Dict) and any(_lrs(one)) for one in tables)


def _lrs(table: ast.Dict) -> Iterator[ast.expr]:
    """What stands under ``"lr"``."""
    pairs = zip(table.keys, table.values, strict=True)
    yield from (one for key, one in pairs if isinstance(key, ast.Constant) and key.value == _LR)


def _written(node: ast.AST) -> Iterator[ast.expr]:
    """``lr=…`` of a call, ``{"lr": …}``, ``group["lr"] = …``, and what the Trainer itself would make."""
    if isinstance(node, ast.Call):
        yield from (one.value for one in node.keywords if one.arg == _LR)
        if dotted(node.func).rpartition(".")[2] in _TRAINERS:
            yield ast.Attribute(ast.Name("args"), _FIELD, lineno=node.lineno)
    elif isinstance(node, ast.Dict):
        yield from _lrs(node)
    elif isinstance(node, ast.Assign):
        items = [one.slice for one in node.targets if isinstance(one, ast.Subscript)]
        yield from (node.value for key in items if isinstance(key, ast.Constant) and key.value == _LR)


def _read(node: ast.expr, values: dict[str, ast.expr], depth: int) -> Any:
    if isinstance(node, ast.Name) and node.id in values and depth < _DEEPEST:
        return _read(values[node.id], values, depth + 1)
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return node.value
    if isinstance(node, ast.Attribute) and node.attr == _FIELD:
        return Field(f"{_FIELD} of its arguments", (_FIELD,), _FIELD)
    return Unknown(f"{ast.unparse(node)} in line {node.lineno}")
