"""What an assignment in a Python file makes of its names, and of what they stand for."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.located import Items, Spoiled, Table
from lrviz.inputs.foreign.python.namespaces import namespace_of
from lrviz.inputs.foreign.python.python_expressions import Expressions
from lrviz.inputs.foreign.python.python_options import Options
from lrviz.inputs.foreign.python.python_script import PythonCall
from lrviz.inputs.foreign.python.python_values import (
    both_tables,
    combine,
    is_scalar,
    is_sequence,
    unknown_among,
)
from lrviz.inputs.foreign.python.said_rows import part_of, put_part, rows_of
from lrviz.inputs.foreign.unknown import Imported, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Assignments(Expressions, ast.NodeVisitor):
    """Assignments: to names, and to parts of the dicts, lists, calls and options that they stand for.

    ``base`` is what the ``_base_`` of the file stands for, ``options`` those of the command that starts it.
    """

    def __init__(
        self, file: str, spoiled: Spoiled, base: Table | None = None, given: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(file, spoiled, given)
        self.base = base
        self.options = Options(Table())
        self.may_be = False  # whether the lines are of a function that nobody knows to be called
        self._called: dict[str, PythonCall] = {}  # what a call gave to a name, whatever became of that

    def bind(self, name: str, value: object, line: int) -> None:
        """Give a name a value; that of a call is remembered."""
        if isinstance(value, PythonCall):
            self._called[name] = value
        super().bind(name, value, line)

    def visit_Assign(self, node: ast.Assign) -> None:
        target = node.targets[0]
        if self.base is not None and isinstance(target, ast.Name) and target.id == "_base_":
            return
        value = self.visit(node.value)
        for target in node.targets:
            self.store(target, value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.store(node.target, self.visit(node.value))

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        old, new = self._before(node.target), self.visit(node.value)
        value = combine(node.op, [old, new], node.lineno)
        if isinstance(old, Items) and isinstance(value, Items) and self.sure:
            old[:], old.places = value, value.places
            value = old
        elif isinstance(node.op, ast.BitOr) and self.sure and both_tables(old, new):
            self.change_table(old, new)
            value = old
        else:
            self.spoil(old, Unknown(f"what line {node.lineno} adds"))
            if isinstance(old, PythonCall):
                put_part(old, None, None)
        self.store(node.target, value)

    def _before(self, target: ast.Name | ast.Attribute | ast.Subscript) -> Any:
        """What an assignment such as ``+=`` begins with."""
        owner = self.visit(target.value) if isinstance(target, ast.Attribute) else None
        if isinstance(owner, PythonCall) and isinstance(target, ast.Attribute):
            return owner.attribute(target.attr)
        return self.visit(target)

    def visit_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            why = Unknown(f"a del in line {target.lineno}")
            if isinstance(target, (ast.Attribute, ast.Subscript)):
                container, key = self._part(target)
                if self.sure and isinstance(container, Table) and is_scalar(key):
                    container.pop(key, None)
                else:
                    self.spoil(container, why)
            elif self.sure and isinstance(target, ast.Name):
                self.scope.maps[0].pop(target.id, None)
            else:
                self.store(target, why)

    def store(self, target: ast.expr, value: object) -> None:
        """Give a target a value: a name, several, or a part of something."""
        if isinstance(target, ast.Name):
            self.bind(target.id, value, target.lineno)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._unpack(target.elts, value)
        elif isinstance(target, ast.Starred):
            self.store(target.value, value)
        elif isinstance(target, (ast.Attribute, ast.Subscript)):
            self._set_part(target, value)

    def _unpack(self, targets: Sequence[ast.expr], value: Any) -> None:
        starred = any(isinstance(one, ast.Starred) for one in targets)
        fits = is_sequence(value) and len(value) == len(targets) and not starred
        if not fits and targets:  # [] = x names nothing
            self.spoil(value, Unknown(f"what line {targets[0].lineno} takes apart"))
        unknown = [unknown_among([value], targets[0].lineno) for _ in targets] if not fits else []
        parts = value if fits else [part_of(value, at, one) for at, one in enumerate(unknown)]
        for one, part in zip(targets, parts, strict=True):
            self.store(one, part)

    def _set_part(self, target: ast.Attribute | ast.Subscript, value: object) -> None:
        container, key = self._part(target)
        if isinstance(container, Unknown) and isinstance(target.value, ast.Name):
            container = self._called.get(target.value.id, container)
        if isinstance(container, PythonCall):
            self._change(container, target, value)
        elif self.environment.is_it(container) and isinstance(key, str):
            unsure = Unknown(f"what line {target.lineno} sets", (key,))
            self.environment.known[key] = value if self.sure else unsure
        elif isinstance(container, Imported) and isinstance(target, ast.Attribute):
            unsure = Unknown(f"what line {target.lineno} sets", (target.attr,))
            self.set_in_modules[f"{container.name}.{key}"] = value if self.sure else unsure
        elif isinstance(container, Table) and container.is_parsed:
            self.set_parsed(container, target.value, {key: value}, target.lineno)
        elif isinstance(container, Table) and is_scalar(key):
            unsure = Unknown(f"what line {target.lineno} may set", (str(key),))
            container.put(key, value if self.sure else unsure, self.place(target.lineno))
        elif self.sure and isinstance(container, Items) and _is_index(key, container):
            container[key], container.places[key] = value, self.place(target.lineno)
        else:
            self.spoil(container, Unknown(f"what line {target.lineno} sets"))

    def set_parsed(self, table: Table, owner: ast.expr, values: Mapping[Any, Any] | None, line: int) -> None:
        """Set some of what was parsed, by whatever name; all of it, where nobody knows which."""
        is_sure = self.sure or self.is_always(table, _holder_of(owner) or "?")
        is_told = values is not None and all(isinstance(key, str) for key in values)
        for key, value in (values if is_told and values is not None else dict.fromkeys(table, None)).items():
            new = value if is_sure and is_told else Unknown(f"what line {line} may set", (str(key),))
            table.put(key, new, self.place(line))

    def _change(self, call: PythonCall, target: ast.Attribute | ast.Subscript, value: object) -> None:
        """``args.max_steps = 5``: known where it runs whenever the call does, as in the same block."""
        name = target.value.id if isinstance(target.value, ast.Name) else ""
        is_sure = self.is_always(call, name or "?")
        if not isinstance(target, ast.Attribute):
            put_part(call, self.visit(target.slice), rows_of(value) if is_sure else None)
            return
        self.change(call, target.attr, value, target.lineno, is_sure=is_sure)

    def change(self, call: PythonCall, key: str, value: object, line: int, *, is_sure: bool) -> None:
        """Have what a call gave changed."""
        if not is_sure:
            value = Unknown(f"what line {line} may set", (key,))
        call.changed[key] = (self.arguments.settle(value), line)

    def is_always(self, call: PythonCall | Table, name: str) -> bool:
        """Whether a line that has it by this name runs whenever the call does; by none it is part of it."""
        is_it = self.scope.get(name) is call and (self.sure or name in self.scope.maps[0])
        return not self.may_be and (not name or is_it)

    def _part(self, target: ast.Attribute | ast.Subscript) -> tuple[Any, Any]:
        key = target.attr if isinstance(target, ast.Attribute) else self.visit(target.slice)
        return self.visit(target.value), key


def _holder_of(node: ast.expr) -> str:
    """The name of what is changed: ``args`` itself, ``vars(args)`` or ``args.__dict__``."""
    holder = namespace_of(node) or node
    return holder.id if isinstance(holder, ast.Name) else ""


def _is_index(key: object, items: Items) -> bool:
    """Whether a list has such an item."""
    return isinstance(key, int) and -len(items) <= key < len(items)
