"""Arguments made by a class that a file builds on a trainer's, or by ``partial`` of one."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, NamedTuple

from lrviz.inputs.foreign.python.argument_setters import MAIN
from lrviz.inputs.foreign.python.call_syntax import dotted
from lrviz.inputs.foreign.python.located import Table
from lrviz.inputs.foreign.python.namespaces import Definitions
from lrviz.inputs.foreign.python.python_fields import OF_TRAINERS
from lrviz.inputs.foreign.python.python_script import PythonCall
from lrviz.inputs.foreign.python.python_training import Trained
from lrviz.inputs.foreign.unknown import Imported, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

AFTER_INIT = "__post_init__"


class _Derived(NamedTuple):
    """A class: that of a trainer which it is built on, its own fields, and those it sets when it is made."""

    base: str
    fields: Table
    set_later: dict[str | None, int]


class DerivedArguments(Trained, ast.NodeVisitor):
    """Calls of classes that are built on a trainer's count as calls of that."""

    def __init__(self, *words: Any, **said: Any) -> None:
        super().__init__(*words, **said)
        self._derived: dict[str, _Derived] = {}
        self.parsed_names: frozenset[str] = frozenset()
        self.definitions = Definitions()

    def note_class(self, node: ast.ClassDef, table: Table) -> None:
        """Remember a class that is built on a trainer's arguments."""
        for name in map(dotted, node.bases):
            known = self._derived.get(name)
            base = known.base if known else self._real(name)
            if OF_TRAINERS.search(base):
                later = dict(self.definitions.set_by_method(node, AFTER_INIT))
                fields = with_defaults([known.fields if known else Table(), table])
                self._derived[node.name] = _Derived(base, fields, (known.set_later if known else {}) | later)
                return

    def _note_call(self, name: str, arguments: list[Any], keywords: Table, node: ast.Call) -> PythonCall:
        if name in self._derived:
            return self._call_derived(self._derived[name], arguments, keywords, node)
        base = self.scope.get(name)
        if isinstance(base, PythonCall) and base.called == "partial":
            first, *others = (*base.arguments, None)
            if isinstance(first, Imported):
                said = self._said_by(base)
                said.take(keywords)
                return super()._note_call(first.name, [*others[:-1], *arguments], said, node)
        return super()._note_call(name, arguments, keywords, node)

    def _said_by(self, call: PythonCall) -> Table:
        table = Table()
        for key, value in call.keywords.items():
            table.put(key, value, self.place(call.lines.get(key, call.line)))
        return table

    def _call_derived(
        self, derived: _Derived, arguments: list[Any], keywords: Table, node: ast.Call
    ) -> PythonCall:
        """Its own fields are no keywords of the class that it is built on."""
        fields, said = derived.fields.copy(), Table()
        for key, value in keywords.items():
            (fields if key in fields else said).put(key, value, keywords.places[key])
        call = super()._note_call(derived.base, arguments, said, node)
        for key, value in fields.items():
            call.changed[key] = (self.arguments.settle(value), fields.places[key].line)
        self._set_later(call, derived)
        return call

    def made_by(self, node: ast.Call, made: Any) -> Any:
        """What a call gives; of what is parsed, a class of the file's own may set fields as it is made."""
        found = super().made_by(node, made)
        if found is self.parsed and made is not found:
            for name in self.parsed_names & self._derived.keys():
                self._set_later(self.parsed, self._derived[name])
        return found

    def _set_later(self, call: PythonCall, derived: _Derived) -> None:
        for key, line in derived.set_later.items():
            for name in [key] if key else {**call.keywords, **MAIN}:
                call.changed[name] = (Unknown(f"what {AFTER_INIT} sets in line {line}", (name,)), line)


def with_defaults(tables: Iterable[Table]) -> Table:
    """The fields of a class and of its bases before it, those of ``field(default=…)`` too."""
    found = Table()
    for key, value, place in (
        (key, one, table.places[key]) for table in tables for key, one in table.items()
    ):
        is_field = isinstance(value, PythonCall) and value.called == "field"
        default = value.keywords.get("default", Unknown("a default_factory", (key,))) if is_field else value
        found.put(key, default, place)
    return found
