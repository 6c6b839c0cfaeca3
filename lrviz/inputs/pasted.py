"""A constructor's call pasted from code → the spec that says the same; nothing of it is run."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from lrviz.catalogue.names import find, lookup, name_within
from lrviz.catalogue.registry import packages
from lrviz.catalogue.roles import Role
from lrviz.errors import ConfigError, SpecError, UnknownScheduleError
from lrviz.inputs.foreign.python.python_syntax import parse
from lrviz.inputs.foreign.python.python_values import combine, function_of
from lrviz.notation.spec import Call, Params, Spec, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.catalogue.registry import Entry

_CALL = re.compile(
    r"(?:[A-Za-z_][\w.]*\s*=\s*)?[A-Za-z_][\w.]*\s*\(.*\)\s*;?\s*(?:#.*)?", re.ASCII | re.DOTALL
)
_OPTIMIZER = "optimizer"
_OF_SCHEDULES = (Role.SCHEDULES, Role.PHASES)
_BY_NAME = "get_scheduler"
"""Whose first argument is the schedule's name; transformers' and diffusers' is called so."""


def is_pasted(word: str) -> bool:
    """Whether a word is a call: ``CosineAnnealingLR(optimizer, T_max=10)``, or assigned to something."""
    return _CALL.fullmatch(word) is not None


def read_call(text: str) -> Spec:
    """The spec of a pasted call; the optimizer among its arguments is left out of account.

    Raises:
        SpecError: it is no Python, calls no schedule of the catalogue, or an argument is no value.

    """
    try:
        body = parse(text.strip(), "the call").body
    except ConfigError:
        raise SpecError(f"{text!r} is no call of Python", hint="name:key=value,… says the same") from None
    node = body[0].value if len(body) == 1 and isinstance(body[0], (ast.Expr, ast.Assign)) else None
    if not isinstance(node, ast.Call):
        raise SpecError(f"{text!r} is no single call", hint="paste the call of one scheduler")
    entry, rest = _entry(node)
    lr = _lr_of_optimizer(entry, rest)
    try:
        return Spec(entry.id, (*_params(entry, rest), *(("lr", _literal(one)) for one in lr)))
    except ValueError:
        return Spec(entry.id, _params(entry, rest), tuple(("lr", ast.unparse(one)) for one in lr))


def _entry(node: ast.Call) -> tuple[Entry, ast.Call]:
    """The schedule that is called, by its last name and a framework among those before, and its arguments."""
    *before, last = ast.unparse(node.func).split(".")
    if last == _BY_NAME:
        last, node = _called_by_name(node)
    owners = [one for one in before if one in packages()]
    entry = lookup(".".join([*owners[-1:], last]))
    try:
        return entry or find(last), node
    except UnknownScheduleError as error:
        raise SpecError(f"{last} is no schedule of the catalogue", hint=error.template) from None


def _called_by_name(node: ast.Call) -> tuple[str, ast.Call]:
    """The name in ``get_scheduler("cosine", …)``, also ``SchedulerType.COSINE``, and the other arguments."""
    named = [one.value for one in node.keywords if one.arg == "name"]
    name = next(iter(named or node.args), None)
    args = node.args if named else node.args[1:]
    rest = ast.Call(node.func, args, [one for one in node.keywords if one.arg != "name"])
    if isinstance(name, ast.Constant):
        return str(name.value), rest
    if isinstance(name, ast.Attribute) and name.attr.isupper():
        return name.attr.lower(), rest
    return _BY_NAME, node


def _params(entry: Entry, node: ast.Call) -> Params:
    """Its arguments by name."""
    positional = list(node.args)
    if entry.framework.optimizer and positional and _is_name(positional[0]):
        positional = positional[1:]
    names = list(entry.params)
    if len(positional) > len(names):
        hint = f"it has {', '.join(names)}"
        raise SpecError(f"{entry.id} has no {len(positional)} arguments", hint=hint)
    named = [*zip(names, positional, strict=False), *((one.arg or "**", one.value) for one in node.keywords)]
    found = tuple((name, _value(entry, name, value)) for name, value in _spread(entry, named))
    seen = [name for name, _ in found]
    if twice := next((name for name in seen if seen.count(name) > 1), None):
        raise SpecError(
            f"{entry.id}: {twice} is given twice", hint="leave one of them out, as Python wants it"
        )
    return found


def _spread(entry: Entry, named: list[tuple[str, ast.expr]]) -> Iterator[tuple[str, ast.expr]]:
    """The arguments, those that stand in a dict of further ones too, and no optimizer."""
    for name, value in named:
        if name == entry.framework.kwargs and isinstance(value, ast.Dict):
            inner = zip(value.keys, value.values, strict=True) if name not in entry.ignores else ()
            yield from ((str(key.value), one) for key, one in inner if isinstance(key, ast.Constant))
        elif name != _OPTIMIZER:
            yield name, value


def _lr_of_optimizer(entry: Entry, node: ast.Call) -> list[ast.expr]:
    """The LR in ``SGD(params, lr=0.1)`` where an optimizer is made on the spot, if the schedule takes it."""
    made = [one.value for one in node.keywords if one.arg == _OPTIMIZER] or node.args[:1]
    if not entry.takes_group or entry.by_role(Role.BASE_LR) or not made or not isinstance(made[0], ast.Call):
        return []
    return [one.value for one in made[0].keywords if one.arg == "lr"] or made[0].args[1:2]


def _is_name(node: ast.AST) -> bool:
    """``optimizer``, ``self.optimizer`` or ``optimizers[0]``."""
    return isinstance(node, (ast.Name, ast.Attribute, ast.Subscript, ast.Call))


def _value(entry: Entry, name: str, node: ast.AST) -> Value:
    """A number, a text, a list of them, a schedule within, or a function of the epoch."""
    if isinstance(node, ast.Lambda):
        return _expression(node)
    if isinstance(node, (ast.List, ast.Tuple)):
        return tuple(_value(entry, name, one) for one in node.elts)
    if isinstance(node, ast.Dict):
        pairs = [(key, one) for key, one in zip(node.keys, node.values, strict=True) if key is not None]
        return tuple(f"{_value(entry, name, key)}:{_value(entry, name, one)}" for key, one in pairs)
    param = entry.params.get(name)
    if isinstance(node, ast.Call) and param is not None and param.role in _OF_SCHEDULES:
        inner, rest = _entry(node)
        return Call(name_within(entry, inner), _params(inner, rest))
    try:
        return _literal(node)
    except ValueError:
        written = ast.unparse(node)
        hint = f"write the number it has in place of {written}"
        raise SpecError(f"{entry.id}: {name}={written} is no value", hint=hint) from None


def _literal(node: ast.AST) -> Value:
    """A constant, or arithmetic on constants.

    Raises:
        ValueError: it is something else.

    """
    if isinstance(node, ast.BinOp):
        found = combine(node.op, [_literal(node.left), _literal(node.right)], 1)
    elif isinstance(node, ast.UnaryOp):
        found = combine(node.op, [_literal(node.operand)], 1)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        found = function_of(node.func.id, [_literal(one) for one in node.args], 1) or ...
    else:
        found = ast.literal_eval(node)
    if found is not None and not isinstance(found, (bool, int, float, str)):
        raise ValueError
    return found


def _expression(node: ast.Lambda) -> str:
    """The body of a function of one argument, which a spec calls epoch.

    Raises:
        SpecError: it has several.

    """
    has = node.args
    own, *more = [*has.posonlyargs, *has.args] or [ast.arg("epoch")]
    if more or has.vararg or has.kwonlyargs or has.kwarg:
        written = ast.unparse(node)
        raise SpecError(
            f"{written}: a factor is a function of one argument", hint="lambda epoch: 0.95 ** epoch"
        )
    for one in ast.walk(node.body):
        if isinstance(one, ast.Name) and one.id == own.arg:
            one.id = "epoch"
    return ast.unparse(node.body)
