"""What a script sets its parsed options to: ``args.lr *= 2``, ``setattr(args, "lr", 1e-3)``."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING, Any, TypeAlias

from lrviz.inputs.foreign.python.call_syntax import called
from lrviz.inputs.foreign.python.option_changes import option_changes
from lrviz.inputs.foreign.python.script_syntax import DEEPEST
from lrviz.inputs.foreign.python.warmup_formulas import computed
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lrviz.inputs.foreign.python.option_changes import Change
    from lrviz.inputs.foreign.python.script_syntax import ScriptSyntax

_OWN = ("self", "cls")
_NOT_STRAIGHT = (ast.For, ast.While, ast.Try, ast.IfExp, ast.Lambda, ast.Match, ast.comprehension)
_Lines: TypeAlias = "tuple[int, ...] | None"


def _is_nobodys(_change: Change) -> bool:
    return False


def changed_options(
    syntax: ScriptSyntax,
    names: set[str],
    said: Callable[[str], Any],
    is_theirs: Callable[[Change], bool] = _is_nobodys,
) -> dict[str, tuple[Any, Change]]:
    """What each of these options is set to, with the last line that does: Unknown where it may be another.

    ``said`` gives an option as it is parsed, and a line that ``is_theirs`` is read by a trainer's own rules.
    """
    found: dict[str, tuple[Any, Change]] = {}
    holders = _holders(syntax, names)
    order = _Order(syntax)
    made = [
        one
        for one in option_changes(syntax)
        if one.of in holders or (one.option in names and one.of.isidentifier())
    ]
    theirs = {one.option for one in made if is_theirs(one)}
    made = [one for one in made if not is_theirs(one)]
    options = names | {one.option for one in made} - {""}
    for one in sorted(made, key=lambda one: order.of(one.node) or ()):
        for name in [one.option] if one.option else options:
            value = _computed(one, lambda key: found[key][0] if key in found else said(key))
            was_known = name not in found or not isinstance(found[name][0], Unknown)
            is_known = one.option and was_known and one.of in holders and name not in theirs
            is_sure = is_known and order.is_before(one.node, _reads(syntax, name, made))
            found[name] = (value if is_sure else Unknown(one.text), one)
    return {name: one for name, one in found.items() if name in names}


def _loads(syntax: ScriptSyntax, names: set[str]) -> Iterator[ast.Attribute]:
    """Where an option is read."""
    for one in syntax.nodes:
        if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Load) and one.attr in names:
            yield one


def _holders(syntax: ScriptSyntax, names: set[str]) -> set[str]:
    """What options are read from, or parsed to: ``args``."""
    parsed = {name for name, made in syntax.values.items() if any(map(_is_parsed, made))}
    return parsed | {ast.unparse(one.value) for one in _loads(syntax, names)} - {*_OWN}


def _is_parsed(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and called(node).startswith("parse_")


def _reads(syntax: ScriptSyntax, name: str, made: list[Change]) -> list[ast.AST]:
    """Where an option is read, but for what options are made of."""
    own = [one.node for one in made]
    return [
        one for one in _loads(syntax, {name}) if not any(above in own for above in [one, *syntax.above(one)])
    ]


def _computed(change: Change, said: Callable[[str], Any]) -> Any:
    """The value of a line; Unknown where it is made of anything but numbers and options."""
    unknown = Unknown(change.text)
    if change.value is None or not all(_is_option(one, change.of) for one in _leaves(change.value)):
        return unknown
    found = computed(change.value, said)
    return unknown if found is None or isinstance(found, Unknown) else found


def _leaves(node: ast.expr) -> Iterator[ast.expr]:
    """The names and attributes that an expression reads, without the functions that it calls."""
    if isinstance(node, (ast.Name, ast.Attribute)):
        yield node
    for one in [] if isinstance(node, ast.Attribute) else ast.iter_child_nodes(node):
        if isinstance(one, ast.expr) and one is not getattr(node, "func", None):
            yield from _leaves(one)


def _is_option(node: ast.expr, of: str) -> bool:
    """Whether it is an option of the same object."""
    return isinstance(node, ast.Attribute) and ast.unparse(node.value) == of


class _Order:
    """Which line runs before which, through functions that are called in one place and always."""

    def __init__(self, syntax: ScriptSyntax) -> None:
        self.syntax = syntax
        calls = [one for one in syntax.calls if isinstance(one.func, ast.Name)]
        self.called = Counter(called(one) for one in calls)
        self.calls = {called(one): one for one in calls}

    def of(self, node: ast.AST, depth: int = 0) -> _Lines:
        """The lines that lead to it; None where it may not run, or more than once."""
        line: int = getattr(node, "lineno", 0)
        for one in self.syntax.above(node):
            if isinstance(one, ast.If) and "__name__" not in ast.unparse(one.test):
                return None
            if isinstance(one, (*_NOT_STRAIGHT, ast.ClassDef)):
                return None
            if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)):
                return self._within(one, line, depth)
        return (line,)

    def _within(self, function: ast.FunctionDef | ast.AsyncFunctionDef, line: int, depth: int) -> _Lines:
        leaves = [one for one in ast.walk(function) if isinstance(one, ast.Return) and one.lineno < line]
        if leaves or self.called[function.name] != 1 or depth > DEEPEST:
            return None
        start = self.of(self.calls[function.name], depth + 1)
        return None if start is None else (*start, line)

    def is_before(self, node: ast.AST, reads: list[ast.AST]) -> bool:
        """Whether a line surely runs, before any of the others, wherever these stand in a loop."""
        first = self.of(node)
        others = [self._outer(one) for one in reads]
        return first is not None and all(one is not None and first < one for one in others)

    def _outer(self, node: ast.AST) -> _Lines:
        """The lines that lead to it, or to the loop or condition that it stands in."""
        around = (one for one in self.syntax.above(node) if isinstance(one, (ast.If, *_NOT_STRAIGHT)))
        return next((place for one in (node, *around) if (place := self.of(one)) is not None), None)
