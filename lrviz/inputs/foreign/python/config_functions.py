"""Functions, classes and modules of a script that a config is handed through."""

from __future__ import annotations

import ast
from collections import ChainMap
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.call_syntax import dotted
from lrviz.inputs.foreign.python.config_calls import ConfigCalls, is_library
from lrviz.inputs.foreign.python.config_methods import parts_in
from lrviz.inputs.foreign.python.config_parts import Defined, Instance
from lrviz.inputs.foreign.python.located import Settled, Table
from lrviz.inputs.foreign.unknown import Imported, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lrviz.inputs.foreign.python.modules_beside import Module, Modules

DEEPEST, MOST = 20, 400
"""How deep functions are followed, and how many calls of them: a script is read at once."""


class ReturnedError(Exception):
    """A function returns for sure."""


class ConfigFunctions(ConfigCalls, ast.NodeVisitor):
    """What a script defines, and has of modules beside it."""

    _module: Module
    _modules: Modules
    _script: str
    _loaded: dict[str, Table]
    _within: list[ast.AST]
    _returned: list[list[Any]]
    _left: int

    def block(self, body: Iterable[ast.stmt]) -> None:
        """Follow lines, one after another."""
        for one in body:
            self.visit(one)
            self._held.clear()

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.bind(
            node.name,
            Defined("a function", (node.name,), node=node, scope=self.scope, module=self._module),
            0,
        )

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_FunctionDef(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        outer, table = self.scope, Table()
        self.scope = outer.new_child(table)
        self.block(node.body)
        self.scope = outer
        made = Defined("a class", (node.name,), node=node, scope=outer, module=self._module, owner=table)
        self.bind(node.name, made, node.lineno)

    def visit_Return(self, node: ast.Return) -> None:
        value = self.visit(node.value) if node.value is not None else None
        if self._returned:
            self._returned[-1].append(value)
        if self.sure and self._returned:
            raise ReturnedError

    def visit_Global(self, node: ast.Global) -> None:
        for name in node.names:  # which a function sets for all
            value = self.scope.get(name, Unknown(name, (name,)))
            self.scope.maps[0][name] = value
            for table in self.scope.maps[1:]:
                table.pop(name, None)

    def run(self, target: Defined, given: list[Any], words: Mapping[str, Any], node: ast.Call) -> Any:
        """What a function gives, by its lines; an object of a class is made by its own."""
        if isinstance(target.node, ast.ClassDef):
            made = Instance("an object", (target.node.name,), made_by=target)
            start = self.method(target, "__init__", made)
            if start is not None:
                self.run(start, given, words, node)
            else:
                self._lose(given, words, node)
            return made
        function = target.node
        if function is None or function in self._within or len(self._within) >= DEEPEST or self._left <= 0:
            self._lose(given, words, node)
            return Unknown(f"a call in line {node.lineno}")
        self._left -= 1
        owned = target.owner is not None and not _is_static(function)
        values = self._bound(target, [target.owner, *given] if owned else given, words)
        return self._run(target, function, values)

    def _run(self, target: Defined, function: ast.FunctionDef | ast.AsyncFunctionDef, values: Table) -> Any:
        outer = self.scope, self.sure, self._module, self.settled, self.line
        self.scope = (target.scope or ChainMap()).new_child(values)
        self._module = target.module or self._module
        self.settled = Settled(self._module.file or self._script, self.spoiled)
        self._within.append(function)
        self._returned.append([])
        with suppress(ReturnedError):
            self.block(function.body)
        self._within.pop()
        self.scope, self.sure, self._module, self.settled, self.line = outer
        return self._one_returned(self._returned.pop())

    def _one_returned(self, returned: list[Any]) -> Any:
        """What a function gives, which may be one of several."""
        configs = {one.number: one for value in returned for one in parts_in(value)}
        if len(configs) > 1:
            for one in configs.values():
                self.touch(one, Unknown("which of several configs a function gives"))
        if len(returned) == 1:
            return returned[0]
        return next(iter(configs.values()), Unknown("what a function gives") if returned else None)

    def _lose(self, given: list[Any], words: Mapping[str, Any], node: ast.Call) -> None:
        for one in parts_in([*given, *words.values()]):
            self.touch(one, Unknown(f"what {dotted(node.func)} in line {node.lineno} may set"))

    def _bound(self, target: Defined, given: list[Any], words: Mapping[str, Any]) -> Table:
        """The arguments of a function, by their names."""
        function, table = target.node, Table()
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return table
        args = function.args
        names = [one.arg for one in (*args.posonlyargs, *args.args)]
        outer, self.scope = self.scope, target.scope or self.scope
        defaults = dict(zip(names[::-1], map(self.visit, args.defaults[::-1]), strict=False))
        keyed = zip(args.kwonlyargs, args.kw_defaults, strict=True)
        defaults |= {one.arg: self.visit(value) for one, value in keyed if value is not None}
        self.scope = outer
        every = [*names, *(one.arg for one in args.kwonlyargs)]
        values = {**dict(zip(names, given, strict=False)), **words}
        for name in every:
            unknown = Unknown(f"an argument of {function.name}", (name,))
            table.put(name, values.get(name, defaults.get(name, unknown)), self.place(function.lineno))
        rest = given[len(names) :]
        if args.vararg:
            table.put(args.vararg.arg, tuple(rest), self.place(function.lineno))
        return table

    def method(self, owner: Defined, name: str, on: Any) -> Defined | None:
        """A method of a class, or of those that it is built on."""
        for one in self._classes(owner):
            for part in one.node.body if one.node else ():
                if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)) and part.name == name:
                    of = one if _is_of_class(part) else on
                    return Defined(
                        "a method", (name,), node=part, scope=one.scope, module=one.module, owner=of
                    )
        return None

    def of_class(self, owner: Defined, name: str) -> Any:
        """A constant of a class, or a method by it."""
        for one in self._classes(owner):
            if (
                isinstance(one.owner, Table)
                and name in one.owner
                and not isinstance(one.owner[name], Defined)
            ):
                return one.owner[name]
        found = self.method(owner, name, None)
        if found is None or any(not isinstance(one, Defined) for one in self._bases(owner)):
            return None
        return found

    def _bases(self, owner: Defined) -> list[Any]:
        node = owner.node
        if not isinstance(node, ast.ClassDef):
            return []
        outer, self.scope = self.scope, owner.scope or self.scope
        found = [self.visit(one) for one in node.bases]
        self.scope = outer
        return found

    def _classes(self, owner: Defined, depth: int = 0) -> list[Defined]:
        bases = self._bases(owner) if depth < DEEPEST else []
        return [
            owner,
            *(up for one in bases if isinstance(one, Defined) for up in self._classes(one, depth + 1)),
        ]

    def lineage_of(self, target: Any) -> tuple[Any, ...]:
        """A class and those that it is built on, the lowest first."""
        if not isinstance(target, Defined) or not isinstance(target.node, ast.ClassDef):
            return (target,) if isinstance(target, Imported) else ()
        classes = self._classes(target)
        ends = [base for one in classes for base in self._bases(one) if isinstance(base, Imported)]
        return (*classes, *ends)

    def visit_Import(self, node: ast.Import) -> None:
        for one in node.names:
            first = one.name.partition(".")[0]
            name, full = (one.asname, one.name) if one.asname else (first, first)
            self.bind(name, Imported(f"an import in line {node.lineno}", name=full), node.lineno)
            if not is_library(one.name):
                self._names_in(one.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        names = self._names_in(module) if not is_library(module) else None
        for one in node.names:
            if one.name == "*":
                for name, value in (names or {}).items():
                    self.bind(name, value, node.lineno)
                continue
            joined = f"{module}{'' if module.endswith('.') else '.'}{one.name}"
            value = (Table() if names is None else names).get(
                one.name, Imported(f"an import in line {node.lineno}", name=joined)
            )
            self.bind(one.asname or one.name, value, node.lineno)

    def _names_in(self, module: str) -> Table | None:
        """The names of a module beside, whose lines run once; None of another."""
        found = self._modules.open(module, self._module.folder)
        if found is None:
            return None
        if found.file not in self._loaded:
            table = self._loaded[found.file] = Table()
            outer = self.scope, self.sure, self._module, self.settled
            self.scope, self._module = ChainMap(table, {"__name__": module}), found
            self.settled = Settled(found.file, self.spoiled)
            self.block(found.tree.body)
            self.scope, self.sure, self._module, self.settled = outer
        return self._loaded[found.file]

    def of_module(self, module: str, name: str) -> Any:
        """A name of a module beside it; None of a library's."""
        names = None if is_library(module) else self._names_in(module)
        return None if names is None else names.get(name)


def _is_static(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(dotted(one) == "staticmethod" for one in function.decorator_list)


def _is_of_class(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(dotted(one) == "classmethod" for one in function.decorator_list)
