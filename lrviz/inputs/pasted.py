"""A constructor's call pasted from code → the spec that says the same; nothing of it is run."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from lrviz.catalogue.names import lookup
from lrviz.catalogue.registry import packages
from lrviz.errors import SpecError
from lrviz.inputs.foreign.python.python_values import combine
from lrviz.notation.spec import Call, Params, Spec, Value

if TYPE_CHECKING:
    from lrviz.catalogue.registry import Entry

_CALL = re.compile(r"(?:[A-Za-z_][\w.]*\s*=\s*)?[A-Za-z_][\w.]*\s*\(.*\)\s*;?\s*", re.ASCII | re.DOTALL)
_OPTIMIZER = "optimizer"
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
        body = ast.parse(text.strip().rstrip(";")).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise SpecError(f"{text!r} is no call of Python", hint="name:key=value,… says the same") from None
    node = body[0].value if len(body) == 1 and isinstance(body[0], (ast.Expr, ast.Assign)) else None
    if not isinstance(node, ast.Call):
        raise SpecError(f"{text!r} is no single call", hint="paste the call of one scheduler")
    entry = _entry(node)
    return Spec(entry.id, _params(entry, node))


def _entry(node: ast.Call) -> Entry:
    """The schedule that is called, by its last name and a framework among those before."""
    *before, last = ast.unparse(node.func).split(".")
    first = node.args[0] if node.args else None
    if last == _BY_NAME and isinstance(first, ast.Constant):
        last = str(first.value)
        node.args.remove(first)
    owners = [one for one in before if one in packages()]
    entry = lookup(".".join([*owners[-1:], last])) or lookup(last)
    if entry is None:
        raise SpecError(f"{last} is no schedule of the catalogue", hint="lrviz list shows them all")
    return entry


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
    return tuple((name, _value(entry, name, value)) for name, value in named if name != _OPTIMIZER)


def _is_name(node: ast.AST) -> bool:
    """``optimizer``, ``self.optimizer`` or ``optimizers[0]``."""
    return isinstance(node, (ast.Name, ast.Attribute, ast.Subscript, ast.Call))


def _value(entry: Entry, name: str, node: ast.AST) -> Value:
    """A number, a text, a list of them, a schedule within, or a function of the epoch."""
    if isinstance(node, ast.Lambda):
        return _expression(node)
    if isinstance(node, (ast.List, ast.Tuple)):
        return tuple(_value(entry, name, one) for one in node.elts)
    if isinstance(node, ast.Call):
        inner = _entry(node)
        return Call(inner.name, _params(inner, node))
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
    else:
        found = ast.literal_eval(node)
    if found is not None and not isinstance(found, (bool, int, float, str)):
        raise ValueError
    return found


def _expression(node: ast.Lambda) -> str:
    """The body of a function of one argument, which a spec calls epoch."""
    (own,) = node.args.args or [ast.arg("epoch")]
    for one in ast.walk(node.body):
        if isinstance(one, ast.Name) and one.id == own.arg:
            one.id = "epoch"
    return ast.unparse(node.body)
