"""What a call in a Python file gives, and what it may change."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.batched_maps import is_of_each
from lrviz.inputs.foreign.python.call_syntax import dotted, method_of
from lrviz.inputs.foreign.python.located import MOST, Items, Table, too_many
from lrviz.inputs.foreign.python.opened_files import loaded, opened
from lrviz.inputs.foreign.python.python_changes import CHANGING, GIVING, READING
from lrviz.inputs.foreign.python.python_names import Names
from lrviz.inputs.foreign.python.python_paths import path_made, path_of
from lrviz.inputs.foreign.python.python_script import HIDDEN, PythonCall
from lrviz.inputs.foreign.python.python_values import (
    computes,
    function_of,
    is_known,
    is_scalar,
    is_sequence,
    unknown_among,
)
from lrviz.inputs.foreign.python.said_rows import Called, put_part, rows_made, rows_of
from lrviz.inputs.foreign.unknown import Imported, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable


_WRITES = ("print", "json.dump", "json.dumps")
"""What changes nothing that it is given."""

_OTHER = object()
"""In the place of what a call gives that may give None, where it is another."""


class CallExpressions(Names, ast.NodeVisitor):
    """Calls among the names known so far: a few are computed, of others it is noted what they are given."""

    def visit_Call(self, node: ast.Call) -> Any:
        name, method = self._real(dotted(node.func)), method_of(node)
        on = self.visit(node.func.value if isinstance(node.func, ast.Attribute) else node.func)
        arguments, keywords = self._arguments(node), self._keywords(node)
        part = self._part_of(on, method, arguments, keywords)
        if part is not _OTHER:
            return part
        known = self._result_of(node, name, on, arguments, keywords)
        if known is not None:
            return known
        call = self._note_call(name, arguments, keywords, node)
        self._note_rows(call, on, node)
        if method == "update" and isinstance(on, Table) and _are_tables(arguments, keywords):
            for new in [*arguments, keywords]:
                self.change_table(on, new if self.sure else self._perhaps(new, node.lineno))
            return call
        if isinstance(on, Table) and on.is_class and not (method or arguments or HIDDEN in keywords):
            made = on.copy()
            made.take(keywords)
            return made
        why = Unknown(f"a call in line {node.lineno}")
        self._spoil_by(on, method, why)
        for value in [*arguments, *keywords.values()] if name not in _WRITES else []:
            self.spoil(value, why)
        return call

    def _result_of(self, node: ast.Call, name: str, on: Any, arguments: list[Any], keywords: Table) -> Any:
        """What a call gives that is looked up, read or computed; None where it is another."""
        method = method_of(node)
        found = self.environment.called(on, method, [*arguments, *keywords.values()])
        if found is None:
            found = self._read(on, method, name, arguments, node.lineno)
        is_imported = isinstance(on, Imported) and isinstance(node.func, ast.Name)
        if found is None and (name not in self.scope or is_imported):
            found = self._known_call(on.name if is_imported else name, arguments, keywords, node)
        return found

    def _part_of(self, on: Any, method: str, arguments: list[Any], keywords: Table) -> Any:
        """``table.get(key, default)``, and ``table.pop(key)`` where that surely runs."""
        is_plain = isinstance(on, Table) and not on.is_parsed and not on.deep and not keywords
        takes = method == "get" or (method == "pop" and self.sure)
        if not is_plain or not takes or not 1 <= len(arguments) <= 2 or not is_scalar(arguments[0]):
            return _OTHER
        key, *default = arguments
        if key not in on and method == "pop" and not default:
            return _OTHER  # where Python stops
        value = self.spoiled.seen(on.get(key, (*default, None)[0]))
        if method == "pop":
            on.pop(key, None)
        return value

    def _perhaps(self, table: Table, line: int) -> Table:
        """Its keys, of which nobody knows whether they are set."""
        made = Table()
        for key in table:
            made.put(key, Unknown(f"what line {line} may set", (str(key),)), self.place(line))
        return made

    def _read(self, on: Any, method: str, name: str, arguments: list[Any], line: int) -> Any:
        """A path, a file that is open, or what is read from one; None where it is another call."""
        full = name if not isinstance(on, Imported) else f"{on.name}.{method}" if method else on.name
        found = (
            path_made(full, arguments),
            path_of(on, method, arguments),
            opened(on, method, arguments, line),
            loaded(full, arguments, self),
        )
        return next((one for one in found if one is not None), None)

    def _spoil_by(self, on: Any, method: str, why: Unknown) -> None:
        """A method may change what it is called on, or what it gives of that; a class is only called."""
        is_class = isinstance(on, Table) and on.is_class and not method
        if method not in READING and not is_class:
            gives = isinstance(on, Table) and method in GIVING
            self.spoil(tuple(on.values()) if gives else on, why)

    def change_table(self, table: Table, new: Table) -> None:
        """``table.update(new)``, ``table |= new``."""
        for key, value in list(new.items()):
            self.settled.count += 1
            if self.settled.count > MOST:
                raise too_many(self.settled.file)
            old = table.get(key)
            if table.deep and isinstance(old, Table) and isinstance(self.spoiled.seen(value), Table):
                self.change_table(old, value)
            else:
                table.put(key, value, new.places[key])

    def _real(self, name: str) -> str:
        """A name without ``as``: of ``import torch.nn as nn`` and ``nn.Linear``, the latter's own."""
        first, dot, rest = name.partition(".")
        return f"{self.renamed.get(first, first)}{dot}{rest}"

    def _arguments(self, node: ast.Call) -> list[Any]:
        found = self._elements(node.args, node.lineno)
        return [found] if isinstance(found, Unknown) else [value for value, _ in found]

    def _keywords(self, node: ast.Call) -> Table:
        table = Table()
        for one in node.keywords:
            value = self.visit(one.value)
            if one.arg is None and isinstance(value, Table):
                for key, inner in value.items():  # in this line, where it is read from another file
                    place = value.places[key]
                    is_here = place.file == self.settled.file
                    table.put(key, inner, place if is_here else self.place(one.value.lineno))
            else:
                table.put(one.arg or HIDDEN, value, self.place(one.value.lineno))
        return table

    def _known_call(self, name: str, arguments: list[Any], keywords: Table, node: ast.Call) -> Any:
        """``dict(…)``, and the functions on numbers; None where it is another."""
        if name == "dict" and all(isinstance(one, Table) for one in arguments[:1]):
            return self._dict(arguments, keywords, node.lineno)
        if name == "len" and len(arguments) == 1 and not is_known(arguments[0]):
            return self._length(ast.unparse(node), node.args[0], arguments[0])
        if keywords or not all(is_known(one) for one in arguments):
            return unknown_among(arguments, node.lineno) if computes(name) and not keywords else None
        if name == "vars" and len(arguments) == 1 and isinstance(arguments[0], Table):
            return arguments[0]
        if name in {"list", "tuple"} and len(arguments) == 1 and is_sequence(arguments[0]):
            places = getattr(arguments[0], "places", [self.place(node.lineno)] * len(arguments[0]))
            return Items(arguments[0], places) if name == "list" else tuple(arguments[0])
        return function_of(name, arguments, node.lineno)

    def _length(self, text: str, of: ast.expr, value: object) -> Any:
        """``len(rows)``: what is given for it, else for what the file trains on."""
        known = None if text in self.given else self.lengths.known(of, value, self.given)
        rows = rows_of(value)
        if known is None and rows and rows.is_sure and text not in self.given:
            return rows.number
        return self._or_given(text, Unknown(text, (text,))) if known is None else known

    def _dict(self, arguments: list[Any], keywords: Table, line: int) -> Any:
        if HIDDEN in keywords:
            return unknown_among([keywords[HIDDEN]], line)
        table = arguments[0].copy() if arguments else Table()
        table.take(keywords)
        return table

    def _note_call(self, name: str, arguments: list[Any], keywords: Table, node: ast.Call) -> PythonCall:
        tables = (*(one for one in arguments if isinstance(one, Table)), keywords)
        places = [place for one in tables for place in one.places.items()]
        lines = {str(key): place.line for key, place in places if place.file == self.settled.file}
        settle, around = self.arguments.settle, tuple(self.around)
        given = settle(tuple(arguments)), settle(keywords)
        call = PythonCall(name, *given, node.lineno, lines, around=around)
        self.calls.append(call)
        return call

    def _note_rows(self, call: PythonCall, on: Any, node: ast.Call) -> None:
        """The rows of the data sets that a call gives; one of several it may set."""
        keeps = bool(node.args) and is_of_each(node.args[0], self.of_each)
        made = Called(on, call.called, call.arguments, call.keywords, node.lineno, keeps)
        call.rows_by_name.update(rows_made(made))
        given = (*call.arguments, *call.keywords.values()) if call.name not in _WRITES else ()
        for one in (*given, on) if call.called in CHANGING else given:
            if isinstance(one, PythonCall):
                put_part(one, None, None)

    def _elements(self, nodes: Iterable[ast.expr], line: int) -> list[tuple[Any, int]] | Unknown:
        """The values of a list, or of a call's arguments, with the line of each."""
        found: list[tuple[Any, int]] = []
        for one in nodes:
            if not isinstance(one, ast.Starred):
                found.append((self.visit(one), one.lineno))
                continue
            value = self.visit(one.value)
            if not is_sequence(value):
                return unknown_among([value], line)
            found += [(part, one.lineno) for part in value]
        return found


def _are_tables(arguments: list[Any], keywords: Table) -> bool:
    """Whether it is known what an update brings."""
    return len(arguments) < 2 and all(isinstance(one, Table) for one in arguments) and HIDDEN not in keywords
