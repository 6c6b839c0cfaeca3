"""A script that makes its config itself, ``cfg.merge_from_file(…); cfg.SOLVER.BASE_LR = 0.01``.

Its lines are followed from the first one on, into its own functions where they are called or handed on.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.inputs.foreign.python.call_syntax import dotted
from lrviz.inputs.foreign.python.located import Settled, Spoiled
from lrviz.inputs.foreign.python.python_expressions import Expressions
from lrviz.inputs.foreign.unknown import Unknown, unknown_within

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DEEPEST = 20
_BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.TryStar, ast.Match)
READING = ("int", "float", "round", "min", "max", "abs", "len", "tuple", "list", "print")
"""Calls that change no config whose keys they are given."""
_START = "__name__ == '__main__'"


class Set(NamedTuple):
    """A line that sets a key of a config, ``SOLVER.BASE_LR``, to a value, which may be Unknown."""

    root: str
    path: tuple[str, ...]
    value: Any
    line: int


class Called(NamedTuple):
    """A line that calls something on a config, or for one; ``root`` is what it is called on."""

    root: str
    method: str
    node: ast.Call
    line: int
    is_sure: bool


class _OfConfig(Expressions):
    """Expressions in which a key of a config is what the script set it to."""

    def __init__(self, file: str) -> None:
        super().__init__(file, Spoiled())
        self.set_keys: dict[str, Any] = {}

    def visit(self, node: ast.AST) -> Any:
        """The value of an expression, as every visitor's."""
        found = self.set_keys.get(dotted(node)) if isinstance(node, ast.Attribute) else None
        return super().visit(node) if found is None else found

    def forget(self, call: ast.Call) -> None:
        """What a call may change: the config that it is called on, or is given."""
        roots = {dotted(one).partition(".")[0] for one in (call.func, *call.args)}
        roots |= {dotted(one.value).partition(".")[0] for one in call.keywords}
        if dotted(call.func) not in READING:
            kept = (key for key in self.set_keys if key.partition(".")[0] not in roots)
            self.set_keys = {key: self.set_keys[key] for key in kept}


class Follower:
    """The lines of a script in the order in which they run."""

    def __init__(self, tree: ast.Module, file: str) -> None:
        self._tree = tree
        self._functions = {one.name: one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
        self._file = file
        self._values = _OfConfig(file)
        self._within: list[str] = []
        self._branches = 0

    def events(self) -> Iterator[Set | Called]:
        """What it sets and calls."""
        yield from self._block(self._tree.body)

    def value(self, node: ast.expr) -> Any:
        """What an expression of constants and plain names is."""
        found = self._values.visit(node)
        return Settled(self._file, self._values.spoiled).data(found)

    def _block(self, body: Iterable[ast.stmt]) -> Iterator[Set | Called]:
        for one in body:
            if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                continue
            if isinstance(one, (ast.With, ast.AsyncWith)):
                yield from self._block(one.body)
            elif isinstance(one, _BRANCHES):
                yield from self._branch(one)
            else:
                yield from self._line(one)

    def _branch(self, node: ast.stmt) -> Iterator[Set | Called]:
        is_start = isinstance(node, ast.If) and ast.unparse(node.test) == _START
        self._branches += not is_start
        parts = [one for name in ("body", "orelse", "finalbody") for one in getattr(node, name, [])]
        parts += [one for each in getattr(node, "handlers", []) for one in each.body]
        parts += [one for each in getattr(node, "cases", []) for one in each.body]
        yield from self._block(parts)
        self._branches -= not is_start

    def _line(self, node: ast.stmt) -> Iterator[Set | Called]:
        for call in [one for one in ast.walk(node) if isinstance(one, ast.Call)]:
            root, _, method = dotted(call.func).rpartition(".")
            self._values.forget(call)
            yield Called(root, method, call, node.lineno, not self._branches)
            handed = [call.func, *call.args]
            for name in [one.id for one in handed if isinstance(one, ast.Name)]:
                yield from self._function(name)
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, (ast.AugAssign, ast.AnnAssign)) else targets
        for target in targets:
            yield from self._set(target, node)

    def _function(self, name: str) -> Iterator[Set | Called]:
        if name in self._functions and name not in self._within and len(self._within) < _DEEPEST:
            self._within.append(name)
            yield from self._block(self._functions[name].body)
            self._within.pop()

    def _set(self, target: ast.expr, node: ast.stmt) -> Iterator[Set]:
        value = getattr(node, "value", None)
        is_plain = isinstance(node, (ast.Assign, ast.AnnAssign)) and value is not None and not self._branches
        if isinstance(target, ast.Name) and isinstance(value, ast.expr):
            found = self.value(value) if is_plain else Unknown(f"line {node.lineno}")
            self._values.bind(target.id, found, node.lineno)
        parts = _parts(target)
        if len(parts) < 2:
            return
        root, *path = parts
        unknown = Unknown(f"what line {node.lineno} sets", (".".join(path),))
        found = self.value(value) if is_plain and isinstance(value, ast.expr) else unknown
        said = unknown if any(unknown_within(found)) else found
        self._values.set_keys[".".join(parts)] = said
        yield Set(root, tuple(path), said, node.lineno)


def _parts(target: ast.expr) -> list[str]:
    """``cfg.SOLVER["BASE_LR"]`` in its parts; none of what is no such chain."""
    found: list[str] = []
    while not isinstance(target, ast.Name):
        if isinstance(target, ast.Attribute):
            found.append(target.attr)
        elif isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
            found.append(str(target.slice.value))
        else:
            return []
        target = target.value
    return [target.id, *reversed(found)]
