"""A script that opens a config, changes it and trains by it, followed as it runs from its first line on.

Into functions of its own and of modules beside it, by whatever name they have the config.
"""

from __future__ import annotations

import ast
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.call_syntax import dotted
from lrviz.inputs.foreign.python.config_functions import MOST, ConfigFunctions, ReturnedError
from lrviz.inputs.foreign.python.config_methods import parts_in
from lrviz.inputs.foreign.python.config_parts import Defined, Instance, Part
from lrviz.inputs.foreign.python.located import Spoiled, Table
from lrviz.inputs.foreign.python.modules_beside import Module, Modules
from lrviz.inputs.foreign.python.python_changes import changes
from lrviz.inputs.foreign.python.python_values import combine, is_known, is_sequence, truth_of
from lrviz.inputs.foreign.unknown import Imported, Unknown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lrviz.inputs.foreign.python.config_kinds import Kind

_MOST_TURNS = 64
_START = "__main__"


class ConfigWalk(ConfigFunctions, ast.NodeVisitor):
    """The lines of a script in the order in which they run."""

    def __init__(self, tree: ast.Module, file: str, folder: Path, kind: Kind, options: Table) -> None:
        super().__init__(file, Spoiled())
        self.kind, self.options, self.folder = kind, options, folder
        self.configs, self.trainings, self.zoo = [], [], {}
        self.late: list[tuple[str, Any, int]] = []  # what is set of a trainer that is made
        self._modules = Modules(folder)
        self._module, self._script = Module.of(tree, folder), file
        self._loaded: dict[str, Table] = {}
        self._within: list[ast.AST] = []
        self._returned: list[list[Any]] = []
        self._left = MOST

    def read(self) -> None:
        """Follow the whole script."""
        self.bind("__name__", _START, 0)
        self.block(self._module.tree.body)

    @property
    def read_files(self) -> tuple[str, ...]:
        """The modules beside it that were read."""
        return tuple(self._modules.files)

    def _unsure(self, *bodies: Sequence[ast.stmt]) -> None:
        """Lines that run never, once or often: a name that they set is unknown, if it is no config."""
        outer, self.sure = self.sure, False
        before = dict(self.scope.maps[0])
        for body in bodies:
            with suppress(ReturnedError):  # one of several ways out
                self.block(body)
        self.sure = outer
        for name, value in list(self.scope.maps[0].items()):
            old = before.get(name)
            if value is not old and not isinstance(value, (Part, Defined, Instance, Imported)):
                is_config = isinstance(old, Part)
                why = Unknown("a branch", (name,))
                for one in parts_in(old):
                    self.touch(one, why)
                self.scope.maps[0][name] = old if is_config else why

    def visit_Expr(self, node: ast.Expr) -> None:
        self.visit(node.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        value = self.visit(node.value)
        for target in node.targets:
            self.store(target, value, node.lineno)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.store(node.target, self.visit(node.value), node.lineno)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        load = ast.copy_location(ast.parse(ast.unparse(node.target), mode="eval").body, node)
        for one in ast.walk(load):
            ast.copy_location(one, node)
        old, new = self.visit(load), self.visit(node.value)
        self.store(node.target, combine(node.op, [self.plain(old), new], node.lineno), node.lineno)

    def store(self, target: ast.expr, value: Any, line: int) -> None:
        """Give a target a value."""
        if isinstance(target, ast.Name):
            old = self.scope.get(target.id)
            sure = self.sure or isinstance(value, (Part, Instance, Defined)) or not isinstance(old, Part)
            if sure or not isinstance(old, Part):
                self.bind(target.id, value, line)
            else:
                self.touch(old, Unknown(f"what line {line} may set"))
        elif isinstance(target, (ast.Tuple, ast.List)):
            fits = is_sequence(value) and len(value) == len(target.elts)
            parts = value if fits else [next(parts_in(value), Unknown(f"line {line}"))] * len(target.elts)
            for one, part in zip(target.elts, parts, strict=True):
                self.store(one, part, line)
        elif isinstance(target, ast.Starred):
            self.store(target.value, value, line)
        elif isinstance(target, (ast.Attribute, ast.Subscript)):
            self._store_part(target, value, line)

    def _store_part(self, target: ast.Attribute | ast.Subscript, value: Any, line: int) -> None:
        on = self.visit(target.value)
        key = target.attr if isinstance(target, ast.Attribute) else self.visit(target.slice)
        outer, self.line = self.line, line
        if isinstance(on, Part):
            self.set_key(on.at(key if type(key) in (str, int) else None), value, line)
        elif isinstance(on, Instance):
            if on.made_by is None:
                self.late.append((str(key), value, line))
            on.fields[str(key)] = value
        elif isinstance(on, Table) and isinstance(key, str):
            on.put(
                key, value if self.sure else Unknown(f"what line {line} may set", (key,)), self.place(line)
            )
        elif self.environment.is_it(on) and isinstance(key, str):
            self.environment.known[key] = value if self.sure else Unknown(f"what line {line} may set", (key,))
        else:
            for one in parts_in(value):  # what becomes of it there is not followed
                self.touch(one, Unknown(f"what becomes of it in line {line}"))
        self.line = outer

    def visit_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if not isinstance(target, (ast.Attribute, ast.Subscript)):
                continue
            on = self.visit(target.value)
            key = target.attr if isinstance(target, ast.Attribute) else self.visit(target.slice)
            if isinstance(on, Part):
                self._delete(on, key, node.lineno)

    def _delete(self, on: Part, key: Any, line: int) -> None:
        value, why = self.configs[on.number].value(on.path), Unknown(f"a del in line {line}")
        if self.sure and isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
            left = list(value)
            del left[key]
            self.set_key(on, left, line)
        elif self.sure and isinstance(value, dict) and key in value:
            self.set_key(on, {name: one for name, one in value.items() if name != key}, line)
        else:
            self.set_key(on if isinstance(value, list) else on.at(key), why, line)

    def visit_If(self, node: ast.If) -> None:
        truth = truth_of(self.visit(node.test), node.lineno)
        if isinstance(truth, bool):
            self.block(node.body if truth else node.orelse)
        else:
            self._unsure(node.body, node.orelse)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        over = self.visit(node.iter)
        turns = self._turns(node.iter, over)
        ends = any(isinstance(one, (ast.Break, ast.Continue, ast.Return)) for one in ast.walk(node))
        if turns is None or ends or len(turns) > _MOST_TURNS:
            parts = next(parts_in(over), None)
            for name in changes(node)[0]:
                if not isinstance(self.scope.get(name), (Part, Instance, Defined)):
                    self.bind(name, Unknown(f"a loop in line {node.lineno}", (name,)), node.lineno)
            self.store(node.target, parts.at(None) if parts else Unknown("a loop"), node.lineno)
            self._unsure(node.body, node.orelse)
            return
        for one in turns:
            self.store(node.target, one, node.lineno)
            self.block(node.body)
        self.block(node.orelse)

    def _turns(self, node: ast.expr, over: Any) -> Sequence[Any] | None:
        """What a loop goes over, where each is known."""
        if isinstance(over, Part):
            value = self.configs[over.number].value(over.path)
            is_list = isinstance(value, (list, tuple))
            turns = [self.known(over.at(at)) for at in range(len(value))] if is_list else None
            is_counted = dotted(node) == "enumerate()"
            return list(enumerate(turns)) if turns is not None and is_counted else turns
        if is_sequence(over):
            return list(over)
        if isinstance(node, ast.Call) and dotted(node.func) == "range":
            numbers = self.visit_all(node.args)
            fits = 1 <= len(numbers) <= 3 and all(type(one) is int for one in numbers) and numbers[2:] != [0]
            return list(islice(range(*numbers), _MOST_TURNS + 1)) if fits else None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            table = self.visit(node.func.value)
            if isinstance(table, Table) and node.func.attr in ("items", "keys", "values") and not node.args:
                return list(getattr(table, node.func.attr)())
        return list(over) if isinstance(over, Table) and not over.is_parsed else None

    def visit_AsyncFor(self, node: ast.AsyncFor) -> None:
        self.visit_For(node)

    def visit_While(self, node: ast.While) -> None:
        self._unsure(node.body, node.orelse)

    def visit_With(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            value = self.visit(item.context_expr)
            if item.optional_vars is not None:
                self.store(item.optional_vars, Unknown("a with") if is_known(value) else value, node.lineno)
        self.block(node.body)

    def visit_AsyncWith(self, node: ast.AsyncWith) -> None:
        self.visit_With(node)

    def visit_Try(self, node: ast.Try | ast.TryStar) -> None:
        self._unsure(node.body, *(one.body for one in node.handlers), node.orelse, node.finalbody)

    def visit_TryStar(self, node: ast.TryStar) -> None:
        self.visit_Try(node)

    def visit_Match(self, node: ast.Match) -> None:
        self.visit(node.subject)
        self._unsure(*(one.body for one in node.cases))
