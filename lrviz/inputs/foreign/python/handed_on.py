"""What a script hands its optimizer, scheduler and loops in place of an option: ``lr = args.lr * 2``."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.python.call_syntax import called, given_to
from lrviz.inputs.foreign.python.loop_batches import is_of_evaluation
from lrviz.inputs.foreign.python.option_changes import Change, pairs
from lrviz.inputs.foreign.python.script_syntax import items

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from lrviz.inputs.foreign.python.script_syntax import ScriptSyntax

_TAKING = re.compile(r"optim|sched|adam|sgd|lion|prop(?!agate)|lamb|loader|range", re.IGNORECASE)
"""What is called so takes an LR, a schedule's length, a batch or a number of epochs."""
_LR = "lr"
_AS_IT_IS = (ast.Name, ast.Attribute, ast.Subscript, ast.Constant)
_COMPUTING = frozenset({"min", "max", "int", "float", "round", "ceil", "floor", "len", "abs", "sqrt"})


def handed_on(syntax: ScriptSyntax, names: Collection[str]) -> Iterator[Change]:
    """The values that are called as one of these options, or computed from one, on their way to such a call.

    One that is an option as it is, is none of them.
    """
    takers = [
        one for one in syntax.calls if _TAKING.search(called(one)) and not _is_for_evaluation(syntax, one)
    ]
    reached = _reached(syntax, takers)
    made: list[tuple[str, ast.expr, ast.stmt | ast.expr]] = [("", one, one) for one in takers]
    made += [("", one, one) for node in syntax.nodes for one in _returned(node)]
    made += [(name, value, node) for name, value, node in _assigned(syntax) if name in reached]
    for variable, said, node in made:
        for name, value in _parts(variable, said):
            if _is_another(value, name, names):
                yield Change(name, "", node, value)


def _returned(node: ast.AST) -> Iterator[ast.Dict]:
    """A dict that is written out and returned, as defaults are: ``{"lr": 5e-4}``."""
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Dict):
        yield node.value


def options_of(change: Change, names: Collection[str]) -> set[str]:
    """The options that a value stands for: the one that it is called as, else those that it is made of."""
    return {change.option} & {*names} or (_said(change.value, names) if change.value else set())


def _is_for_evaluation(syntax: ScriptSyntax, call: ast.Call) -> bool:
    """Whether what it makes is for an evaluation, by the name of that."""
    made = (one for one in syntax.above(call) if isinstance(one, ast.Assign))
    words = [ast.unparse(one) for one in [*(target for one in made for target in one.targets), *call.args]]
    return any(map(is_of_evaluation, words))


def _parts(name: str, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """A value by its name; in the place of a call or a dict what these are given, by keywords and keys."""
    match value:
        case ast.Call() if called(value) not in _COMPUTING:
            found = [("", one) for one in value.args]
            found += [(one.arg or "", one.value) for one in value.keywords]
        case ast.Dict():
            found = [*items(value).items()]
        case ast.List() | ast.Tuple():
            found = [("", one) for one in value.elts]
        case _:
            found = []
            yield name, value
    for key, one in found:
        yield from _parts(key, one)


def _assigned(syntax: ScriptSyntax) -> Iterator[tuple[str, ast.expr, ast.stmt]]:
    """The variables of a script, each with what a line makes it."""
    for one in syntax.nodes:
        if isinstance(one, ast.Assign):
            found = (pair for target in one.targets for pair in _named(target, one.value))
            yield from ((name, value, one) for name, value in found)
        elif isinstance(one, ast.AnnAssign) and one.value and isinstance(one.target, ast.Name):
            yield one.target.id, one.value, one
        elif isinstance(one, ast.AugAssign) and isinstance(one.target, ast.Name):
            yield one.target.id, ast.BinOp(one.target, one.op, one.value, lineno=one.lineno), one


def _named(target: ast.expr, value: ast.expr | None) -> Iterator[tuple[str, ast.expr]]:
    """A name and its value, also where several are set at once."""
    if isinstance(target, ast.Name) and value is not None:
        yield target.id, value
    elif isinstance(target, (ast.Tuple, ast.List)):
        for one, said in pairs(target, value):
            yield from _named(one, said)


def _reached(syntax: ScriptSyntax, takers: list[ast.Call]) -> set[str]:
    """The names that any of these calls is handed, or that what it is handed is made of."""
    made: dict[str, set[str]] = {}
    for name, value, _ in _assigned(syntax):
        made.setdefault(name, set()).update(_names(value))
    found: set[str] = set()
    left = {name for call in takers for word in given_to(call) for name in _names(word)}
    while left:
        found |= left
        left = {one for name in left for one in made.get(name, ())} - found
    return found


def _names(node: ast.AST) -> Iterator[str]:
    return (one.id for one in ast.walk(node) if isinstance(one, ast.Name))


def _is_another(value: ast.expr, name: str, names: Collection[str]) -> bool:
    """Whether it is made of an option, or is called as one and is no such option as it is."""
    is_called = name in names or name == _LR
    said = _said(value, names)
    if not isinstance(value, _AS_IT_IS):
        return is_called or bool(said)
    return is_called and (name not in said if name in names else not said)


def _said(value: ast.expr, names: Collection[str]) -> set[str]:
    """The options that a value is made of."""
    return {one for node in ast.walk(value) if (one := _option(node)) in names}


def _option(node: ast.AST) -> str:
    """How an option is read: ``args.lr``, ``hyp["lr0"]``, or a name that stands for it."""
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
    return ""
