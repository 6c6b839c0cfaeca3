"""The lines of a script that set an option: ``args.lr *= 2``, ``setattr``, ``vars(args).update``."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.python.call_syntax import called, dotted
from lrviz.inputs.foreign.python.python_changes import SETATTR
from lrviz.inputs.foreign.python.script_syntax import DEEPEST, items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.python.script_syntax import ScriptSyntax

_OWN = ("self", "cls")
_PART = re.compile(r"\w+|[^\w\s().,'\"]+")


class Change(NamedTuple):
    """A line that sets an ``option`` of an object; nothing where it may be any of them.

    Its ``value`` is None where that is no expression. It is ``of`` nothing where it is a name of the script's
    own, or an argument of what it calls.
    """

    option: str
    of: str
    node: ast.stmt | ast.expr
    value: ast.expr | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it is ``args.lr = …``."""
        targets = (
            self.node.targets if isinstance(self.node, ast.Assign) else [getattr(self.node, "target", None)]
        )
        return any(isinstance(one, ast.Attribute) for one in targets)

    @property
    def made_of(self) -> frozenset[str]:
        """The names, numbers and signs that it is set to, but its own object."""
        return parts_of(ast.unparse(self.value or self.node)) - {self.of}

    @property
    def text(self) -> str:
        """How messages name it."""
        if not self.of and self.value:
            name = f"{self.option}=" if self.option else ""
            return f"{name}{ast.unparse(self.value)} in line {self.value.lineno}"
        return f"what {ast.unparse(self.node).partition(chr(10))[0]} makes it in line {self.node.lineno}"


def parts_of(text: str) -> frozenset[str]:
    """The names, numbers and signs in a text."""
    return frozenset(_PART.findall(text))


def option_changes(syntax: ScriptSyntax) -> Iterator[Change]:
    """All that a script sets by a name, of whatever object."""
    for one in syntax.nodes:
        if isinstance(one, ast.Assign):
            value = one.value if len(one.targets) == 1 else None
            yield from (change for target in one.targets for change in _of_target(syntax, target, one, value))
        elif isinstance(one, ast.AnnAssign) and one.value:
            yield from _of_target(syntax, one.target, one, one.value)
        elif isinstance(one, ast.AugAssign) and isinstance(one.op, ast.BitOr):
            yield from _of_table(_table_of(syntax, one.target), one, one.value)
        elif isinstance(one, ast.AugAssign):
            value = ast.BinOp(one.target, one.op, one.value, lineno=one.lineno)
            yield from _of_target(syntax, one.target, one, value)
        elif isinstance(one, ast.Call):
            yield from _of_call(syntax, one)


def _of_target(
    syntax: ScriptSyntax, target: ast.expr, node: ast.stmt, value: ast.expr | None
) -> Iterator[Change]:
    """``args.lr = …``, ``vars(args)["lr"] = …``, ``hyp["lr0"] = …``, and several at once."""
    if isinstance(target, (ast.Tuple, ast.List)):
        for one, said in pairs(target, value):
            yield from _of_target(syntax, one, node, said)
    elif value is not None and ast.unparse(value) == f"{ast.unparse(target)}.value":
        return  # the text of an enum's member, for a tracker: to its options the same
    elif isinstance(target, ast.Attribute) and target.attr == "__dict__":
        yield from _of_table(ast.unparse(target.value), node, value)
    elif isinstance(target, ast.Attribute) and (of := ast.unparse(target.value)) not in _OWN:
        yield Change(target.attr, of, node, value)
    elif isinstance(target, ast.Subscript) and (of := _table_of(syntax, target.value)):
        yield Change(_text(target.slice), of, node, value)
    elif isinstance(target, ast.Subscript) and (key := _text(target.slice)) in syntax.keys.get(
        of := ast.unparse(target.value), ()
    ):
        yield Change(key, of, node, value)


def pairs(target: ast.Tuple | ast.List, value: ast.expr | None) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """What is set at once, each with its value where that is written out."""
    found = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
    is_starred = any(isinstance(one, ast.Starred) for one in target.elts)
    is_written = len(found) == len(target.elts) and not is_starred
    yield from zip(target.elts, found if is_written else [None] * len(target.elts), strict=True)


def _of_call(syntax: ScriptSyntax, call: ast.Call) -> Iterator[Change]:
    """``setattr(args, "lr", …)``, ``vars(args).update(lr=…)``, ``dataclasses.replace(args, lr=…)``."""
    method = call.func if isinstance(call.func, ast.Attribute) else None
    if called(call) in SETATTR and len(call.args) in (2, 3):
        of = call.args[0] if len(call.args) == 3 or method is None else method.value
        name, value = call.args[-2:]
        yield Change(_text(name), ast.unparse(of), call, value)
    elif called(call) == "update" and method:
        held = _table_of(syntax, method.value) or dotted(method.value)
        is_table = held != dotted(method.value) or held in syntax.keys
        for said in [*call.args, _said(call)] if is_table else ():
            yield from _of_table(held, call, said)
    elif dotted(call.func) in ("replace", "dataclasses.replace") and len(call.args) == 1 and call.keywords:
        yield from _of_table(ast.unparse(call.args[0]), call, _said(call))
    elif called(call) == "Namespace" and call.keywords:
        holders = [name for name, made in syntax.values.items() if call in made]
        yield from (one for holder in holders for one in _of_table(holder, call, _said(call)))


def _said(call: ast.Call) -> ast.expr:
    """The keywords of a call as a dict."""
    keys: list[ast.expr | None] = [ast.Constant(one.arg) if one.arg else None for one in call.keywords]
    return ast.Dict(keys, [one.value for one in call.keywords])


def _of_table(of: str, node: ast.stmt | ast.expr, table: ast.expr | None) -> Iterator[Change]:
    """What a dict sets of an object, with the dicts in it; any option where it is none."""
    if not of:
        return
    if not isinstance(table, ast.Dict):
        if table is None or ast.unparse(table) not in (f"vars({of})", f"{of}.__dict__"):
            yield Change("", of, node)
        return
    for name, value in items(table).items():
        yield Change(name, of, node, value)
    for key, value in zip(table.keys, table.values, strict=True):
        if not isinstance(key, ast.Constant):
            yield from _of_table(of, node, value if key is None else None)


def _table_of(syntax: ScriptSyntax, node: ast.expr, depth: int = 0) -> str:
    """The object whose attributes a dict is: ``vars(args)``, ``args.__dict__``, or a name of these."""
    match node:
        case ast.Call(func=ast.Name(id="vars"), args=[of]) | ast.Attribute(value=of, attr="__dict__"):
            return ast.unparse(of)
        case ast.Name(id=name) if depth < DEEPEST:
            found = (_table_of(syntax, one, depth + 1) for one in syntax.values.get(name, []))
            return next(filter(None, found), "")
    return ""


def _text(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ""
