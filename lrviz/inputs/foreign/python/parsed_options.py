"""What a script's own parser gives, and what becomes of that before a Trainer has it.

Source: CPython 3.11 to 3.14, ``argparse.py``.
"""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.call_syntax import called, dotted, given_to, name_of
from lrviz.inputs.foreign.python.imported_classes import is_of_library
from lrviz.inputs.foreign.python.located import Table
from lrviz.inputs.foreign.python.namespaces import namespace_of
from lrviz.inputs.foreign.python.python_arguments import are_arguments
from lrviz.inputs.foreign.python.python_handed import Body, either, values_of
from lrviz.inputs.foreign.python.python_script import HIDDEN, PythonCall
from lrviz.inputs.foreign.python.searched_arguments import SearchedArguments
from lrviz.inputs.foreign.unknown import Imported, Unknown
from lrviz.notation.text import few

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrviz.inputs.foreign.python.namespaces import Definitions

_PAIR = "parse_known_args"
_DEFAULTS = "set_defaults"


class ParsedOptions(SearchedArguments, ast.NodeVisitor):
    """Each parsing gives a table of its own; the function that parses is read as it is called."""

    def __init__(self, *words: Any, **said: Any) -> None:
        super().__init__(*words, **said)
        self.reads_options = False
        self.unread: dict[str, int] = {}  # functions that are given what was parsed, and their lines

    def visit_Call(self, node: ast.Call) -> Any:
        """What was parsed of a command is a table of its options."""
        if self.options.are_given_by(node):
            self.reads_options = self.argv is None
            table = self._given_by[node] = self._parsed_by(node)
            is_pair = isinstance(node.func, ast.Attribute) and node.func.attr == _PAIR
            return (table, Unknown(f"what line {node.lineno} leaves")) if is_pair else table
        made = super().visit_Call(node)
        if isinstance(made, PythonCall):
            self.options.take_default(node, made.keywords.get("default"))
        return made

    def _parsed_by(self, node: ast.Call) -> Any:
        """What the parser gives, or what a function makes of that which it returns."""
        body = self.body_of(node) if name_of(node.func) in self.options.givers else None
        if body is None or self.calls_left <= 0:
            return self.options.table.as_parsed()
        returned = self._read_giver(body, node)
        parsed = [one for one in returned if self.is_parsed(one)]
        if not parsed:
            return returned[0] if returned else self.options.table.as_parsed()
        found = parsed[0]
        for one in parsed[1:]:
            found = self.one_of_parsed(found, one)
        return found

    def _read_giver(self, body: Body, node: ast.Call) -> list[Any]:
        """Read the function that parses; its calls stand where it is first called."""
        is_again = bool(self.followed) or body.node.name in self.read_bodies
        if not is_again:
            self.read_bodies.add(body.node.name)
        given = PythonCall(
            body.node.name, tuple(self.visit_all(node.args)), dict(self._keywords(node)), node.lineno
        )
        values = {**self.unsaid_in(body.node), **values_of(body.node, given)}
        outer, calls = (self.sure, self.may_be, self._called), len(self.calls)
        self.sure, self.may_be, self._called = False, False, dict(self._called)
        self.calls_left -= 1
        returned = self.read_body(body, values)
        self.sure, self.may_be, self._called = outer
        if is_again:
            self.drop_calls(calls)
        return returned

    def made_by(self, node: ast.Call, made: Any) -> Any:
        """What a call gives; it may change what was parsed, or is to be."""
        found = super().made_by(node, made)
        if isinstance(made, PythonCall):
            self._change_elsewhere(node)
            if isinstance(node.func, ast.Attribute) and node.func.attr == _DEFAULTS:
                self._set_defaults(node.func.value, made)
        return found

    def _change_elsewhere(self, node: ast.Call) -> None:
        """A class, a method or a module beside it may change what it is given, now or later."""
        owners = [namespace_of(one) or one for one in given_to(node)]
        owners = [one for one in owners if self._is_changeable(one)]
        if not owners or self.body_of(node) is not None:
            return
        self._note_unread(node, owners)
        for owner in owners:
            changes = [
                one for found in self._definitions_of(node) for one in found.changes(node, dotted(owner))
            ]
            for key in dict.fromkeys(one.key for one in changes):
                why = Unknown(f"what {dotted(node.func)} may set", (key or "",))
                self._set_by_name(owner, key, why, node.lineno)

    def _note_unread(self, node: ast.Call, owners: Sequence[ast.expr]) -> None:
        """A function of a module that is not here may change options, or the arguments made of them."""
        arguments = [one for one in map(self.object_of, owners) if are_arguments(one)]
        is_late = any(map(are_arguments, self.calls)) and not self._may_change(arguments, node)
        name = "" if is_late else self._module_function(node.func)
        if name and not is_of_library(name) and not self.modules(name.rpartition(".")[0]).is_read:
            self.unread.setdefault(name, node.lineno)

    def _module_function(self, function: ast.expr) -> str:
        """The full name of a function that the file has of a module; nothing of another."""
        found = self.visit(function) if isinstance(function, (ast.Name, ast.Attribute)) else None
        if isinstance(found, Imported):
            return found.name
        name = name_of(function)
        stars = [one for one in self.imports if one.endswith(".*") and not is_of_library(one)]
        is_of_star = bool(stars and name) and name not in {*self.scope, *dir(builtins)}
        return stars[-1].removesuffix("*") + name if is_of_star else ""

    def _may_change(self, arguments: Sequence[PythonCall], node: ast.Call) -> bool:
        """Whether a function is given arguments that nothing is trained with yet; a class takes them."""
        trained = [one.arguments for one in self.trainings.values()]
        is_function = called(node)[:1].islower()
        return is_function and any(all(one is not made for made in trained) for one in arguments)

    @property
    def notes(self) -> list[str]:
        """What is said of functions that are not read."""
        found = few([f"{name} in line {line}" for name, line in self.unread.items()])
        return [f"{found}: not read, and taken to leave the options as they are"] if found else []

    def _is_changeable(self, node: ast.expr) -> bool:
        found = self.object_of(node)
        return are_arguments(found) or (isinstance(found, Table) and found.is_parsed)

    def _definitions_of(self, call: ast.Call) -> list[Definitions]:
        """Where it may stand what a call runs: in this file, or in a module beside it."""
        function = self.visit(call.func) if isinstance(call.func, (ast.Name, ast.Attribute)) else None
        if isinstance(function, Imported):
            return [self.modules(function.name.rpartition(".")[0]).definitions]
        imported = dict.fromkeys(one.rpartition(".")[0] or one for one in self.imports)
        return [self.definitions, *(self.modules(one).definitions for one in imported)]

    def _set_defaults(self, parser: ast.expr, made: PythonCall) -> None:
        """The defaults of what nobody says, whatever the lines that add it say."""
        is_sure = self.sure or (name_of(parser) in self.scope.maps[0] and not self.may_be)
        is_told = HIDDEN not in made.keywords
        table = self.options.table
        for key, value in made.keywords.items() if is_told else dict.fromkeys(table).items():
            new = value if is_told and is_sure else Unknown(f"the default in line {made.line}", (key,))
            self.options.set_default(key, new, self.place(made.line))

    def is_parsed(self, value: object) -> bool:
        """Whether it is what a parser gives, the script's own or the Trainer's."""
        return value is self.parsed or (isinstance(value, Table) and value.is_parsed)

    def one_of_parsed(self, value: Any, other: Any) -> Any:
        """What was parsed, where it may be the other one."""
        are_tables = isinstance(value, Table) and isinstance(other, Table) and other.is_parsed
        return either(value, other) if are_tables and value is not other else value

    def next_of(self, names: Sequence[str]) -> int:
        """Which function is read next: those that are given what was parsed wait for their calls."""
        handed = {name for name, _ in self.options.handed} - self.as_called.keys()
        ranks = [0 if name in self.options.givers else 1 if name in handed else 2 for name in names]
        return max(range(len(names)), key=lambda at: (ranks[at], at))
