"""A script that makes its config itself, ``cfg.merge_from_file(…); cfg.SOLVER.BASE_LR = 0.01``.

Its lines are followed from the first one on, into its own functions where they are called or handed on.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.inputs.foreign.environment import Start
from lrviz.inputs.foreign.python.call_syntax import called, dotted, keyword, method_of, name_of
from lrviz.inputs.foreign.python.located import Settled, Spoiled
from lrviz.inputs.foreign.python.python_expressions import Expressions
from lrviz.inputs.foreign.python.python_options import options_of
from lrviz.inputs.foreign.unknown import Imported, Unknown, unknown_within

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lrviz.inputs.foreign.source import Source

_DEEPEST = 20
_BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.TryStar, ast.Match)
READING = ("int", "float", "round", "min", "max", "abs", "len", "tuple", "list", "print")
"""Calls that change no config whose keys they are given."""
_OF_LISTS = ("append", "extend", "insert", "remove", "clear", "reverse", "sort")
"""Methods that change a list that they are called on."""
_ANY = "*"
"""One item of a list, nobody knows which."""
_START = "__name__ == '__main__'"


def started(first: Source, options: Mapping[str, Any]) -> Start:
    """How a script is started: by a command with its ``options`` and its variables, or as it is read."""
    if first.language != "command":
        return first.python.start
    return Start(options, {name: one.value for name, one in first.launch.env.items()})


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

    def __init__(self, tree: ast.Module, file: str, start: Start | None = None) -> None:
        """Of a script by its options at their defaults, or as a command starts it."""
        start = start or Start()
        self._tree = tree
        self._functions = {one.name: one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
        self._file = file
        self._options = options_of(tree, file, start.options)
        self._values = _OfConfig(file)
        self._values.environment.known.update(start.variables)
        self._aliases: dict[str, list[str]] = {}
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
            elif isinstance(one, (ast.Import, ast.ImportFrom)):
                self._import(one)
            elif isinstance(one, _BRANCHES):
                yield from self._branch(one)
            else:
                yield from self._line(one)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        """The names of ``os``, by which a script reads its environment."""
        module = node.module if isinstance(node, ast.ImportFrom) else ""
        for one in node.names:
            full = f"{module}.{one.name}" if module else one.name
            if full.partition(".")[0] == "os":
                name = one.asname or (one.name if module else "os")
                found = Imported(
                    f"an import in line {node.lineno}", name=full if module or one.asname else "os"
                )
                self._values.bind(name, found, node.lineno)

    def _branch(self, node: ast.stmt) -> Iterator[Set | Called]:
        is_start = isinstance(node, ast.If) and ast.unparse(node.test) == _START
        truth = self.value(node.test) if isinstance(node, ast.If) and not is_start else None
        if isinstance(node, ast.If) and isinstance(truth, bool):
            yield from self._block(node.body if truth else node.orelse)
            return
        if isinstance(node, (ast.For, ast.AsyncFor)):
            self._name_turns(node)
        self._branches += not is_start
        parts = [one for name in ("body", "orelse", "finalbody") for one in getattr(node, name, [])]
        parts += [one for each in getattr(node, "handlers", []) for one in each.body]
        parts += [one for each in getattr(node, "cases", []) for one in each.body]
        yield from self._block(parts)
        self._branches -= not is_start

    def _line(self, node: ast.stmt) -> Iterator[Set | Called]:
        for call in [one for one in ast.walk(node) if isinstance(one, ast.Call)]:
            parts, method = self._called_on(call), method_of(call)
            self._values.forget(call)
            yield Called(
                ".".join(parts) or dotted(call.func).rpartition(".")[0],
                method or called(call),
                call,
                node.lineno,
                not self._branches,
            )
            yield from self._changed_by(call, parts, method, node.lineno)
            for name in [one.id for one in (call.func, *call.args) if isinstance(one, ast.Name)]:
                yield from self._function(name, call)
        for target in _targets(node):
            yield from self._set(target, node)

    def _called_on(self, call: ast.Call) -> list[str]:
        return self._chain(call.func.value)[0] if isinstance(call.func, ast.Attribute) else []

    def _changed_by(self, call: ast.Call, parts: list[str], method: str, line: int) -> Iterator[Set]:
        """A list of the config that a call changes, or the key that ``setattr`` sets."""
        if method in _OF_LISTS and len(parts) > 1:
            yield self._said(parts, Unknown(f"what line {line} sets"), line)
        if called(call) == "setattr" and len(call.args) == len(("of", "name", "value")):
            owner, key = self._chain(call.args[0])[0], self.value(call.args[1])
            found = self.value(call.args[2]) if not self._branches else Unknown(f"line {line}")
            if owner and isinstance(key, str):
                yield self._said([*owner, *key.split(".")], found, line)

    def _function(self, name: str, call: ast.Call) -> Iterator[Set | Called]:
        if name in self._functions and name not in self._within and len(self._within) < _DEEPEST:
            self._within.append(name)
            self._hand_on(self._functions[name], call, is_called=called(call) == name)
            yield from self._block(self._functions[name].body)
            self._within.pop()

    def _hand_on(self, function: ast.FunctionDef, call: ast.Call, *, is_called: bool) -> None:
        """What the arguments of a function are: those of its call, or the tuple that ``launch`` hands it."""
        names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
        handed = keyword(call, "args")
        values = call.args if is_called else handed.elts if isinstance(handed, ast.Tuple) else []
        pairs = [*zip(names, values, strict=False)]
        pairs += [(one.arg, one.value) for one in call.keywords if is_called and one.arg in names]
        for name, value in pairs:
            if name_of(value) != name:
                self._bind(name, value, call.lineno)

    def _bind(self, name: str, value: ast.expr, line: int) -> None:
        """Give a name a value, which may be a part of a config by another name."""
        self._aliases.pop(name, None)
        is_given = isinstance(value, ast.Call) and self._options.are_given_by(value)
        if isinstance(value, (ast.Name, ast.Attribute, ast.Subscript)):
            parts, is_exact = self._chain(value)
            self._aliases[name] = parts if is_exact else [*parts, _ANY]
        if is_given:
            found: Any = self._options.table.as_parsed()
        elif isinstance(value, ast.Name):
            found = self._values.scope.get(value.id, Unknown(f"line {line}"))
        else:
            found = self.value(value)
        self._values.bind(name, found, line)

    def _name_turns(self, node: ast.For | ast.AsyncFor) -> None:
        """Each of what a loop goes over is a part of it."""
        over = node.iter.args[:1] if isinstance(node.iter, ast.Call) else [node.iter]
        for parts in [self._chain(one)[0] for one in over]:
            for name in [one.id for one in ast.walk(node.target) if isinstance(one, ast.Name)]:
                if parts:
                    self._aliases[name] = [*parts, _ANY]

    def _set(self, target: ast.expr, node: ast.stmt) -> Iterator[Set]:
        value = getattr(node, "value", None)
        is_plain = isinstance(node, (ast.Assign, ast.AnnAssign)) and value is not None and not self._branches
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Call):
            target = target.elts[0] if self._options.are_given_by(value) else target
        if isinstance(target, ast.Name) and isinstance(value, ast.expr):
            if is_plain:
                self._bind(target.id, value, node.lineno)
            else:
                self._values.bind(target.id, Unknown(f"line {node.lineno}"), node.lineno)
            return
        parts, is_exact = self._chain(target)
        if isinstance(node, ast.Delete) and parts and parts[-1].isdigit():
            parts, is_exact = parts[:-1], False
        if len(parts) > 1:
            is_known = is_plain and is_exact and isinstance(value, ast.expr)
            found = self.value(value) if is_known and value is not None else Unknown(f"line {node.lineno}")
            yield self._said(parts, found, node.lineno)

    def _said(self, parts: list[str], found: Any, line: int) -> Set:
        """What a line sets by its parts, which nobody knows where any of it is unknown."""
        root, *path = parts
        unknown = Unknown(f"what line {line} sets", (".".join(path),))
        said = unknown if any(unknown_within(found)) else found
        self._values.set_keys[".".join(parts)] = said
        return Set(root, tuple(path), said, line)

    def _chain(self, node: ast.expr) -> tuple[list[str], bool]:
        """``cfg.SOLVER["BASE_LR"]`` in its parts, from where its name is one of; none of what is no chain.

        One of several items is the list of them, which is not exact.
        """
        found, is_exact = _parts(node)
        parts = [*self._aliases.get(found[0], found[:1]), *found[1:]] if found else []
        if _ANY in parts:
            return parts[: parts.index(_ANY)], False
        return parts, is_exact


def _targets(node: ast.stmt) -> list[ast.expr]:
    """What a line sets, or deletes."""
    if isinstance(node, (ast.Assign, ast.Delete)):
        return node.targets
    return [node.target] if isinstance(node, (ast.AugAssign, ast.AnnAssign)) else []


def _parts(target: ast.expr) -> tuple[list[str], bool]:
    """``cfg.SOLVER["BASE_LR"]`` in its parts, without those within an item that nobody knows."""
    found: list[str] = []
    is_exact = True
    while not isinstance(target, ast.Name):
        if isinstance(target, ast.Attribute):
            found.append(target.attr)
        elif isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
            found.append(str(target.slice.value))
        elif isinstance(target, ast.Subscript):
            found, is_exact = [], False
        else:
            return [], True
        target = target.value
    return [target.id, *reversed(found)], is_exact
