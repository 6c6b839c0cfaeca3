"""What an expression of Python is, as far as it can be known without running it."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from lrviz.inputs.foreign.environment import Unset
from lrviz.inputs.foreign.python.call_expressions import CallExpressions
from lrviz.inputs.foreign.python.call_syntax import dotted, listed_range
from lrviz.inputs.foreign.python.located import Items, Table
from lrviz.inputs.foreign.python.python_changes import changes
from lrviz.inputs.foreign.python.python_paths import PathText
from lrviz.inputs.foreign.python.python_script import PythonCall
from lrviz.inputs.foreign.python.python_values import (
    bounded,
    combine,
    is_known,
    is_scalar,
    item_of,
    text_of,
    truth_of,
    unknown_among,
)
from lrviz.inputs.foreign.python.said_rows import part_of
from lrviz.inputs.foreign.setting import Raw, literal
from lrviz.inputs.foreign.unknown import Imported, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    _Comprehension: TypeAlias = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class Expressions(CallExpressions, ast.NodeVisitor):
    """The value of an expression of the names known so far."""

    def visit_Constant(self, node: ast.Constant) -> Any:
        if is_scalar(node.value):
            return bounded(node.value, node.lineno)
        return Unknown(f"a constant in line {node.lineno}")

    def visit_Name(self, node: ast.Name) -> Any:
        unassigned = Unknown(f"{node.id}, which is not assigned", (node.id,))
        return self._or_given(node.id, self.spoiled.seen(self.scope.get(node.id, unassigned)))

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
        if (over := listed_range(node)) is not None:
            return self.visit(over)
        found = self._elements(node.elts, node.lineno)
        if isinstance(found, Unknown):
            return found
        return Items([value for value, _ in found], [self.place(line) for _, line in found])

    def visit_Tuple(self, node: ast.Tuple) -> Any:
        found = self._elements(node.elts, node.lineno)
        return found if isinstance(found, Unknown) else tuple(value for value, _ in found)

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
            if node.attr == "__dict__":
                return value
            if value.is_parsed and node.attr not in value:
                unset = Unknown(f"{ast.unparse(node)}, which no line sets", (node.attr,))
                return self._or_given(node.attr, unset)
            found = self.spoiled.seen(item_of(value, node.attr, node.lineno))
            return self._or_given(node.attr, found) if value.is_parsed else found
        if isinstance(value, PathText) and node.attr in {"parent", "parents"}:
            return value.parents[0] if node.attr == "parent" else value.parents
        if isinstance(value, Imported):
            return self._of_module(value, node)
        return replace(unknown_among([value], node.lineno), names=())  # its parts are more than one value

    def _of_module(self, module: Imported, node: ast.Attribute) -> Any:
        """``conf.LR`` of a module beside it, or what the script sets there."""
        part = replace(module, name=f"{module.name}.{node.attr}", names=())
        if part.name in self.set_in_modules or dotted(node).partition(".")[0] in self.shared:
            return self.set_in_modules.get(part.name, part)
        return self.spoiled.seen(self.modules(module.name).constant(node.attr, part))

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        value, key = self.visit(node.value), self.visit(node.slice)
        if not is_known(key):
            self.spoil(value, Unknown(f"what line {node.lineno} may change"))
        variable = self.environment.item(value, key)
        if variable is not None:
            return variable
        found = self.spoiled.seen(item_of(value, key, node.lineno))
        return part_of(value, key, found) if isinstance(value, PythonCall) else found

    def visit_Slice(self, node: ast.Slice) -> Any:
        parts = [None if part is None else self.visit(part) for part in (node.lower, node.upper, node.step)]
        if all(part is None or isinstance(part, int) for part in parts):
            return slice(*parts)
        return unknown_among(parts, node.lineno)

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        left, right = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, ast.Div) and isinstance(left, PathText) and isinstance(right, str):
            return left / right
        return combine(node.op, [left, right], node.lineno)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        return combine(node.op, [self.visit(node.operand)], node.lineno)

    def visit_Compare(self, node: ast.Compare) -> Any:
        values = self.visit_all([node.left, *node.comparators])
        pairs = zip(node.ops, values, values[1:], strict=False)
        results = [self._compared(op, left, right, node.lineno) for op, left, right in pairs]
        return next((one for one in results if one is not True), True)

    def _compared(self, operator: ast.cmpop, left: Any, right: Any, line: int) -> Any:
        is_in = isinstance(operator, (ast.In, ast.NotIn)) and self.environment.is_it(right)
        found = self.environment.has(left) if is_in else None
        return (
            combine(operator, [left, right], line) if found is None else found is isinstance(operator, ast.In)
        )

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

    def _truth(self, value: object, default: object, line: int) -> Any:
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

    def visit_ListComp(self, node: _Comprehension) -> Any:
        if (over := listed_range(node)) is not None:
            return self.visit(over)
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
        with self.unsure():
            for name in names:
                self.bind(name, why, line)
            self.visit_all(parts)
        return why
