"""What lines set of a namespace: ``args.lr = …``, ``setattr(args, …)``, ``vars(args)``, ``args.__dict__``."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from lrviz.inputs.foreign.python.call_syntax import called, dotted
from lrviz.inputs.foreign.python.python_changes import CHANGING, SETATTR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.python.python_changes import Function

_CALLED_FIRST, _SELF = "__init__", "self"


class Change(NamedTuple):
    """An attribute that is set; None where nobody knows which."""

    key: str | None
    line: int


class Definition(NamedTuple):
    """A function, and the class that it is a method of, if it is one."""

    function: Function
    owner: ast.ClassDef | None = None

    def named(self, call: ast.Call, owner: str) -> Iterator[str]:
        """Its arguments that a call gives what is written so; a method has what it is called on."""
        args, given = self.function.args, call.args
        if self.owner is not None:
            given = [call.func.value if isinstance(call.func, ast.Attribute) else call.func, *given]
        placed = zip([*args.posonlyargs, *args.args], given, strict=False)
        pairs = [(one.arg, value) for one, value in placed]
        pairs += [(one.arg, one.value) for one in call.keywords if one.arg]
        yield from (name for name, value in pairs if dotted(namespace_of(value) or value) == owner)


@dataclass(frozen=True)
class Definitions:
    """The functions and the classes of a module."""

    functions: dict[str, Function] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)

    @classmethod
    def of(cls, module: ast.Module) -> Definitions:
        """Those at its top."""
        functions = (one for one in module.body if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)))
        classes = (one for one in module.body if isinstance(one, ast.ClassDef))
        return cls({one.name: one for one in functions}, {one.name: one for one in classes})

    def run_by(self, call: ast.Call) -> Iterator[Definition]:
        """What a call may run: a function, a class, or a method of its name."""
        name = called(call)
        if name in self.functions:
            yield Definition(self.functions[name])
        if name in self.classes:
            yield from _methods(self.classes[name], _CALLED_FIRST)
        elif isinstance(call.func, ast.Attribute):
            for one in self.classes.values():
                yield from _methods(one, name)

    def changes(self, call: ast.Call, owner: str) -> Iterator[Change]:
        """What a call may set of a namespace that it is given, as long as its object lives."""
        yield from self._handed_on(call, owner, set())

    def set_by_method(self, owner: ast.ClassDef, name: str) -> Iterator[Change]:
        """What a method of a class sets of its own object."""
        for one in _methods(owner, name):
            yield from self._within(one, _SELF, set())

    def _handed_on(self, call: ast.Call, owner: str, seen: set[tuple[int, str]]) -> Iterator[Change]:
        for one in self.run_by(call):
            for name in one.named(call, owner):
                if (id(one.function), name) not in seen:
                    seen.add((id(one.function), name))
                    yield from self._within(one, name, seen)

    def _within(self, one: Definition, argument: str, seen: set[tuple[int, str]]) -> Iterator[Change]:
        for name, part in _aliases(one, argument):
            yield from set_of(part, name)
            for call in [inner for inner in ast.walk(part) if isinstance(inner, ast.Call)]:
                yield from self._handed_on(call, name, seen)


def _methods(owner: ast.ClassDef, name: str) -> Iterator[Definition]:
    for one in owner.body:
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)) and one.name == name:
            yield Definition(one, owner)


def _aliases(one: Definition, argument: str) -> Iterator[tuple[str, ast.AST]]:
    """How an argument is written, and where: in its function, or as ``self.args`` in the whole class."""
    yield argument, one.function
    for line in ast.walk(one.function):
        if isinstance(line, ast.Assign) and dotted(line.value) == argument:
            for name in map(dotted, line.targets):
                yield name, one.owner if one.owner and "." in name else one.function


def namespace_of(node: ast.expr) -> ast.expr | None:
    """What ``vars(args)`` or ``args.__dict__`` is the namespace of; None of another expression."""
    if isinstance(node, ast.Attribute):
        return node.value if node.attr == "__dict__" else None
    is_vars = isinstance(node, ast.Call) and dotted(node.func) == "vars" and len(node.args) == 1
    return node.args[0] if is_vars and isinstance(node, ast.Call) else None


def set_of(part: ast.AST, owner: str) -> Iterator[Change]:
    """What the lines of a part of a file set of what is written so."""
    for one in ast.walk(part):
        for name, key in _set_by(one):
            if dotted(name) == owner:
                yield Change(key, getattr(one, "lineno", 0))


def _set_by(node: ast.AST) -> Iterator[tuple[ast.expr, str | None]]:
    """The attributes that are set, and of what."""
    if isinstance(node, ast.Call):
        yield from _set_by_call(node)
    elif isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
        yield node.value, node.attr
    elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
        yield namespace_of(node.value) or node.value, _text(node.slice)


def _set_by_call(node: ast.Call) -> Iterator[tuple[ast.expr, str | None]]:
    method = called(node)
    if method in SETATTR and len(node.args) == 3:
        yield node.args[0], _text(node.args[1])
    elif method in CHANGING and isinstance(node.func, ast.Attribute):
        keys = [one.arg for one in node.keywords] if method == "update" and not node.args else [None]
        owner = node.func.value
        yield from ((namespace_of(owner) or owner, key) for key in keys)


def _text(node: ast.expr) -> str | None:
    return str(node.value) if isinstance(node, ast.Constant) else None
