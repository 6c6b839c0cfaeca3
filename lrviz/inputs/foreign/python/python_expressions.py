"""What an expression of Python is, as far as it can be known without running it."""

from __future__ import annotations

import ast
from collections import ChainMap
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.environment import Environment, Unset
from lrviz.inputs.foreign.python.located import MOST, Items, Settled, Spoiled, Table, too_many
from lrviz.inputs.foreign.python.python_changes import GIVING, READING, changes, dotted
from lrviz.inputs.foreign.python.python_values import (
    bounded,
    combine,
    function_of,
    is_known,
    is_scalar,
    is_sequence,
    item_of,
    text_of,
    truth_of,
    unknown_among,
)
from lrviz.inputs.foreign.setting import Raw, literal
from lrviz.inputs.foreign.source import Imported, PythonCall, Unknown
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Expressions(ast.NodeVisitor):
    """The names known so far, and the value of an expression of them.

    While ``sure`` is False nobody knows whether a line runs: what it changes is unknown. A name that is
    ``given`` is that, whatever the file makes of it.
    """

    def __init__(self, file: str, spoiled: Spoiled, given: Mapping[str, str] | None = None) -> None:
        self.given = given or {}
        self.environment = Environment(self.given)
        self.settled = Settled(file, spoiled)
        self.arguments = Settled(file, spoiled)
        self.spoiled = spoiled
        self.table = Table()
        self.scope: ChainMap[str, Any] = ChainMap(self.table)
        self.renamed: dict[str, str] = {}
        self.calls: list[PythonCall] = []
        self.sure = True

    def place(self, line: int) -> Place:
        """A line of this file."""
        return Place(self.settled.file, line)

    def bind(self, name: str, value: Any, line: int) -> None:
        """Give a name a value, in the innermost scope."""
        value = self._or_given(name, value)
        if isinstance(value, Unknown) and not value.names:
            value = replace(value, names=(name,))
        table = self.scope.maps[0]
        if isinstance(table, Table):
            table.put(name, value, self.place(line))

    def spoil(self, value: Any, why: Unknown) -> None:
        """A dict or a list may have been changed."""
        self.spoiled.add(value, why)

    def generic_visit(self, node: ast.AST) -> Any:
        """What is not known here; the calls in it are seen all the same."""
        super().generic_visit(node)
        return Unknown(f"what line {getattr(node, 'lineno', 0)} computes")

    def visit_all(self, nodes: Iterable[ast.AST | None]) -> list[Any]:
        """The values of several expressions."""
        return [self.visit(node) for node in nodes if node is not None]

    def visit_Constant(self, node: ast.Constant) -> Any:
        if is_scalar(node.value):
            return bounded(node.value, node.lineno)
        return Unknown(f"a constant in line {node.lineno}")

    def visit_Name(self, node: ast.Name) -> Any:
        unassigned = Unknown(f"{node.id}, which is not assigned", (node.id,))
        return self._or_given(node.id, self.spoiled.seen(self.scope.get(node.id, unassigned)))

    def _or_given(self, name: str, value: Any) -> Any:
        """What is given for a name, but in place of tables and lists, of which ``--given`` tells a part."""
        if name not in self.given or isinstance(value, (Table, Items)):
            return value
        return literal(Raw(self.given[name]))

    def visit_Dict(self, node: ast.Dict) -> Any:
        table = Table()
        for key_node, value_node in zip(node.keys, node.values, strict=True):
            value = self.visit(value_node)
            if key_node is None and isinstance(value, Table):
                table.take(value)
                continue
            key = Unknown("") if key_node is None else self.visit(key_node)
            if not is_scalar(key):
                return unknown_among([value if key_node is None else key], node.lineno)
            table.put(key, value, self.place((key_node or value_node).lineno))
        return table

    def visit_List(self, node: ast.List) -> Any:
        found = self._elements(node)
        if isinstance(found, Unknown):
            return found
        return Items([value for value, _ in found], [self.place(line) for _, line in found])

    def visit_Tuple(self, node: ast.Tuple) -> Any:
        found = self._elements(node)
        return found if isinstance(found, Unknown) else tuple(value for value, _ in found)

    def _elements(self, node: ast.List | ast.Tuple) -> list[tuple[Any, int]] | Unknown:
        found: list[tuple[Any, int]] = []
        for one in node.elts:
            if not isinstance(one, ast.Starred):
                found.append((self.visit(one), one.lineno))
                continue
            value = self.visit(one.value)
            if not is_sequence(value):
                return unknown_among([value], node.lineno)
            found += [(part, one.lineno) for part in value]
        return found

    def visit_Set(self, node: ast.Set) -> Any:
        """No set is of use to a trainer, but mmengine writes ``{{_base_.x}}`` and ``{{'$NAME:default'}}``."""
        inner = node.elts[0]
        if len(node.elts) == 1 and isinstance(inner, ast.Set) and len(inner.elts) == 1:
            value = self.visit(inner.elts[0])
            if isinstance(inner.elts[0], ast.Constant) and isinstance(value, str) and value.startswith("$"):
                name, _, default = map(str.strip, value[1:].partition(":"))
                return self.environment.value(name, literal(Raw(default)) if default else None)
            return value
        return self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        value = self.visit(node.value)
        if isinstance(value, Table):
            return self.spoiled.seen(item_of(value, node.attr, node.lineno))
        if isinstance(value, Imported):
            return replace(value, name=f"{value.name}.{node.attr}")
        return replace(unknown_among([value], node.lineno), names=())  # its parts are more than one value

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        value, key = self.visit(node.value), self.visit(node.slice)
        if not is_known(key):
            self.spoil(value, Unknown(f"what line {node.lineno} may change"))
        variable = self.environment.item(value, key)
        if variable is not None:
            return variable
        return self.spoiled.seen(item_of(value, key, node.lineno))

    def visit_Slice(self, node: ast.Slice) -> Any:
        parts = [None if part is None else self.visit(part) for part in (node.lower, node.upper, node.step)]
        if all(part is None or isinstance(part, int) for part in parts):
            return slice(*parts)
        return unknown_among(parts, node.lineno)

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        return combine(node.op, [self.visit(node.left), self.visit(node.right)], node.lineno)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        return combine(node.op, [self.visit(node.operand)], node.lineno)

    def visit_Compare(self, node: ast.Compare) -> Any:
        values = self.visit_all([node.left, *node.comparators])
        pairs = zip(node.ops, values, values[1:], strict=False)
        results = [combine(op, [left, right], node.lineno) for op, left, right in pairs]
        return next((one for one in results if one is not True), True)

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        stops = isinstance(node.op, ast.Or)
        values = self.visit_all(node.values)
        for value, default in zip(values, [*values[1:], None], strict=True):
            truth = self._truth(value, default, node.lineno)
            if isinstance(truth, Unknown):
                return self._one_of(values, truth)
            if truth is stops:
                return value
        return values[-1]

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        test, yes, no = self.visit_all([node.test, node.body, node.orelse])
        truth = self._truth(test, no, node.lineno)
        return self._one_of([yes, no], truth) if isinstance(truth, Unknown) else yes if truth else no

    def _truth(self, value: Any, default: Any, line: int) -> Any:
        """Whether a value counts as true; a variable that nobody sets does not, and the default does."""
        if not isinstance(value, Unset) or default is None:
            return truth_of(value, line)
        self.environment.assume(value.names[0], default)
        return False

    def _one_of(self, values: list[Any], why: Unknown) -> Unknown:
        """One of several values: what is done to it may be done to any of them."""
        for value in values:
            self.spoil(value, why)
        return why

    def visit_JoinedStr(self, node: ast.JoinedStr) -> Any:
        parts = self.visit_all(node.values)
        if all(isinstance(part, str) for part in parts):
            return "".join(parts)
        return unknown_among(parts, node.lineno)

    def visit_FormattedValue(self, node: ast.FormattedValue) -> Any:
        value = self.visit(node.value)
        spec = "" if node.format_spec is None else self.visit(node.format_spec)
        if node.conversion in {ord("r"), ord("a")}:
            return Unknown(f"an f-string in line {node.lineno}")
        return text_of(value, spec, node.lineno)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> Any:
        value = self.visit(node.value)
        self.bind(node.target.id, value, node.lineno)
        return value

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        names = [one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg)]
        return self._inner(names, [node.body], "a lambda", node.lineno)

    def visit_ListComp(self, node: Any) -> Any:
        targets = [one for part in node.generators for one in ast.walk(part.target)]
        names = [one.id for one in targets if isinstance(one, ast.Name)]
        for part in node.generators:
            self.spoil_turns(node, part.iter, names)
        return self._inner(names, ast.iter_child_nodes(node), "a comprehension", node.lineno)

    def visit_SetComp(self, node: ast.SetComp) -> Any:
        return self.visit_ListComp(node)

    def visit_DictComp(self, node: ast.DictComp) -> Any:
        return self.visit_ListComp(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> Any:
        return self.visit_ListComp(node)

    def spoil_turns(self, node: ast.AST, over: ast.expr, names: Sequence[str]) -> None:
        """A loop that changes its own ``names`` changes what it goes over."""
        if changes(node)[1].isdisjoint(names):
            return
        for one in ast.walk(over):
            if isinstance(one, ast.Name):
                self.spoil(self.scope.get(one.id), Unknown(f"a loop in line {over.lineno}"))

    def _inner(self, names: Sequence[str], parts: Iterable[ast.AST], what: str, line: int) -> Unknown:
        """What may run often, with names of its own."""
        why = Unknown(f"{what} in line {line}")
        outer, sure = self.scope, self.sure
        self.scope, self.sure = outer.new_child(Table()), False
        for name in names:
            self.bind(name, why, line)
        self.visit_all(parts)
        self.scope, self.sure = outer, sure
        return why

    def visit_Call(self, node: ast.Call) -> Any:
        name = self._real(dotted(node.func))
        on = self.visit(node.func.value) if isinstance(node.func, ast.Attribute) else self.visit(node.func)
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        arguments, keywords = self._arguments(node), self._keywords(node)
        variable = self.environment.called(on, method, [*arguments, *keywords.values()])
        if variable is not None:
            return variable
        is_imported = isinstance(on, Imported) and isinstance(node.func, ast.Name)
        if name not in self.scope or is_imported:
            known = self._known_call(on.name if is_imported else name, arguments, keywords, node)
            if known is not None:
                return known
        call = self._note_call(name, arguments, keywords, node)
        if self.sure and method == "update" and isinstance(on, Table) and _are_tables(arguments, keywords):
            for new in [*arguments, keywords]:
                self._update(on, new)
        else:
            self._spoil_by(on, method, Unknown(f"a call in line {node.lineno}"))
            for value in [*arguments, *keywords.values()] if name != "print" else []:
                self.spoil(value, Unknown(f"a call in line {node.lineno}"))
        return call

    def _spoil_by(self, on: Any, method: str, why: Unknown) -> None:
        """A method may change what it is called on, or what it gives of that; a class is only called."""
        is_class = isinstance(on, Table) and on.is_class and not method
        if method not in READING and not is_class:
            gives = isinstance(on, Table) and method in GIVING
            self.spoil(tuple(on.values()) if gives else on, why)

    def _update(self, table: Table, new: Table) -> None:
        """``table.update(new)``."""
        for key, value in list(new.items()):
            self.settled.count += 1
            if self.settled.count > MOST:
                raise too_many(self.settled.file)
            old = table.get(key)
            if table.deep and isinstance(old, Table) and isinstance(self.spoiled.seen(value), Table):
                self._update(old, value)
            else:
                table.put(key, value, new.places[key])

    def _real(self, name: str) -> str:
        """A name without ``as``: of ``import torch.nn as nn`` and ``nn.Linear``, the latter's own."""
        first, dot, rest = name.partition(".")
        return f"{self.renamed.get(first, first)}{dot}{rest}"

    def _arguments(self, node: ast.Call) -> list[Any]:
        found = self._elements(ast.Tuple(elts=node.args, ctx=ast.Load(), lineno=node.lineno))
        return [found] if isinstance(found, Unknown) else [value for value, _ in found]

    def _keywords(self, node: ast.Call) -> Table:
        table = Table()
        for one in node.keywords:
            value = self.visit(one.value)
            if one.arg is None and isinstance(value, Table):
                table.take(value)
            else:
                table.put(one.arg or "**", value, self.place(one.value.lineno))
        return table

    def _known_call(self, name: str, arguments: list[Any], keywords: Table, node: ast.Call) -> Any:
        """``dict(…)``, and the functions on numbers; None where it is another."""
        if name == "dict" and all(isinstance(one, Table) for one in arguments[:1]):
            return self._dict(arguments, keywords, node.lineno)
        if keywords or not all(is_known(one) for one in arguments):
            return None
        if name in {"list", "tuple"} and len(arguments) == 1 and is_sequence(arguments[0]):
            places = getattr(arguments[0], "places", [self.place(node.lineno)] * len(arguments[0]))
            return Items(arguments[0], places) if name == "list" else tuple(arguments[0])
        return function_of(name, arguments, node.lineno)

    def _dict(self, arguments: list[Any], keywords: Table, line: int) -> Any:
        if "**" in keywords:
            return unknown_among([keywords["**"]], line)
        table = arguments[0].copy() if arguments else Table()
        table.take(keywords)
        return table

    def _note_call(self, name: str, arguments: list[Any], keywords: Table, node: ast.Call) -> PythonCall:
        lines = {str(key): place.line for key, place in keywords.places.items()}
        settle = self.arguments.settle
        call = PythonCall(name, settle(tuple(arguments)), settle(keywords), node.lineno, lines)
        self.calls.append(call)
        return call


def _are_tables(arguments: list[Any], keywords: Table) -> bool:
    """Whether it is known what an update brings."""
    return len(arguments) < 2 and all(isinstance(one, Table) for one in arguments) and "**" not in keywords
