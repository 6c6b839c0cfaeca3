"""The LRs that a script, or its ``create_optimizer``, makes an optimizer with, and groups of one."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, TypeGuard

from lrviz.inputs.foreign.python.call_syntax import called, dotted, keyword, name_of, text_of
from lrviz.inputs.foreign.unknown import Field, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

_LR, _FIELD, _PARAMS = "lr", "learning_rate", "params"
_GROUPS, _ADD = "param_groups", "add_param_group"
_TRAINERS = ("get_optimizer_cls_and_kwargs", "create_optimizer")
"""Methods of the Trainer's own that take the LR of its arguments."""
_ONE_GROUP = frozenset({"parameters", "trainable_parameters", "filter", "list", "chain"})
"""Functions that give parameters, and no groups of them."""
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
    found = [_read(one, values, 0) for part in parts for one in (*_written(part), *_made(part, values))]
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
    yield from (one for key, one in pairs if text_of(key) == _LR)


def _made(node: ast.AST, values: dict[str, ast.expr]) -> Iterator[ast.expr]:
    """The function that makes the groups of an optimizer, which may have LRs of their own."""
    if not isinstance(node, ast.Call) or keyword(node, _LR) is None:
        return
    first = next(iter(node.args), None)
    first = values.get(first.id, first) if isinstance(first, ast.Name) else first
    if isinstance(first, ast.Call) and called(first) not in _ONE_GROUP:
        yield first


def _written(node: ast.AST) -> Iterator[ast.expr]:
    """``lr=…`` of a call, ``{"lr": …}``, ``group["lr"] = …``, and what the Trainer itself would make."""
    if isinstance(node, ast.Call):
        yield from (one.value for one in node.keywords if one.arg == _LR)
        if called(node) in _TRAINERS:
            yield ast.Attribute(ast.Name("args"), _FIELD, lineno=node.lineno)
    elif isinstance(node, ast.Dict):
        yield from _lrs(node)
    elif isinstance(node, ast.Assign):
        yield from (node.value for one in node.targets if _is_lr(one))
    elif isinstance(node, ast.AugAssign) and _is_lr(node.target):
        yield ast.BinOp(ast.Name("lr"), node.op, node.value, lineno=node.lineno)


def _is_lr(node: ast.expr) -> bool:
    """``group["lr"]``."""
    return isinstance(node, ast.Subscript) and text_of(node.slice) == _LR


def grouped_at(module: ast.Module) -> int:
    """The first line that makes a group with its own LR, ``{"params": …, "lr": …}``; 0 where none does."""
    return min((one.lineno for one in ast.walk(module) if _is_group(one)), default=0)


def _is_group(node: ast.AST) -> TypeGuard[ast.expr]:
    if isinstance(node, ast.Dict):
        is_of_params = any(key is None or text_of(key) == _PARAMS for key in node.keys)
        return is_of_params and any(_lrs(node))
    if not isinstance(node, ast.Call) or name_of(node.func) != "dict":
        return False
    names = {one.arg for one in node.keywords}
    return _LR in names and bool(names & {_PARAMS, None})


def regrouped_at(module: ast.Module) -> int:
    """The first line that gives an optimizer another group, or its groups other LRs; 0 where none does."""
    return min(_regroupings(module), default=0)


def _regroupings(module: ast.Module) -> Iterator[int]:
    nodes = [*ast.walk(module)]
    loops = [one for one in nodes if isinstance(one, ast.For | ast.comprehension)]
    of_groups = [one.target for one in loops if _GROUPS in ast.unparse(one.iter)]
    names = {one.id for target in of_groups for one in ast.walk(target) if isinstance(one, ast.Name)}
    for one in nodes:
        if isinstance(one, ast.Call) and called(one) == _ADD:
            yield one.lineno
        targets = one.targets if isinstance(one, ast.Assign) else []
        targets = [one.target] if isinstance(one, ast.AugAssign) else targets
        yield from (part.lineno for part in targets if _is_lr(part) and _is_of(part, names))


def _is_of(item: ast.expr, names: set[str]) -> bool:
    """Whether it is an item of a group: of a name for one, or of ``optimizer.param_groups[0]``."""
    return _GROUPS in ast.unparse(item) or dotted(item).removesuffix("[]") in names


def _read(node: ast.expr, values: dict[str, ast.expr], depth: int) -> Any:
    if isinstance(node, ast.Name) and node.id in values and depth < _DEEPEST:
        return _read(values[node.id], values, depth + 1)
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return node.value
    if isinstance(node, ast.Attribute) and node.attr == _FIELD:
        return Field(f"{_FIELD} of its arguments", (_FIELD,), _FIELD)
    return Unknown(f"{ast.unparse(node)} in line {node.lineno}")
