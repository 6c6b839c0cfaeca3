"""The arguments of a Trainer that a Python file changes once they are made, or once they are parsed.

Source: transformers 4.36 to 5.23, ``hf_argparser.py``.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeGuard

from lrviz.inputs.foreign.environment import Start
from lrviz.inputs.foreign.python.argument_setters import MAIN, SETTERS, set_by
from lrviz.inputs.foreign.python.call_syntax import dotted, keyword
from lrviz.inputs.foreign.python.located import Table
from lrviz.inputs.foreign.python.namespaces import namespace_of
from lrviz.inputs.foreign.python.own_argv import ARGV
from lrviz.inputs.foreign.python.parsed_settings import settings_parsed
from lrviz.inputs.foreign.python.python_assignments import Assignments
from lrviz.inputs.foreign.python.python_changes import CHANGING, SETATTR
from lrviz.inputs.foreign.python.python_fields import OF_TRAINERS, OF_TRANSFORMERS, PARSERS
from lrviz.inputs.foreign.python.python_script import HIDDEN, PythonCall
from lrviz.inputs.foreign.python.python_values import is_scalar
from lrviz.inputs.foreign.setting import Raw, literal
from lrviz.inputs.foreign.unknown import Field, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PARSING = ("parse_args_into_dataclasses", "parse_args_and_config")
"""Methods that only such a parser has."""
_OF_ALL = {"do_train": False}
"""Those that all classes of arguments have the same default of."""
_READ_AT_ONCE = {"per_device_train_batch_size", "auto_find_batch_size"}
"""What a Trainer takes of its arguments as it is made, for its loader."""


class ArgumentChanges(Assignments, ast.NodeVisitor):
    """Assignments, and what else changes the arguments of a Trainer.

    ``parsed`` is all that a parser of dataclasses gives: their fields have one value by one name.
    """

    def __init__(self, *words: Any, **said: Any) -> None:
        super().__init__(*words, **said)
        self.parsed = PythonCall("parse_args_into_dataclasses", (), {}, 0)
        self.start = Start()
        self.argv: list[str] | None = None
        self.taken: Mapping[str, str] = {}  # words of the command, by how a line takes them
        self.parsed_defaults: Mapping[str, Any] = {}  # of its fields, where the whole command is known
        self.parsed_file: dict[str, Any] = {}  # what is parsed of a file or a dict
        self.is_of_command = False
        self._given_by: dict[ast.expr, Any] = {}
        self._replaced: list[PythonCall] = []

    def visit_Call(self, node: ast.Call) -> Any:
        found = self._given_by[node] = self.made_by(node, super().visit_Call(node))
        return found

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        found = super().visit_Subscript(node)
        if isinstance(found, Unknown) and dotted(node.value) == ARGV:
            written = ast.unparse(node)
            return self.taken.get(written, Unknown(written))
        return self.parsed if self.object_of(node.value) is self.parsed else found

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        """A field of the arguments: what is said of it, or a Field that the run tells."""
        found = self._holder(node.value) if isinstance(node.ctx, ast.Load) else None
        if found is None:
            return super().visit_Attribute(node)
        return self.field_of(found[0], node)

    def field_of(self, call: PythonCall, node: ast.Attribute) -> Any:
        """What a line has of the arguments by a name."""
        value = self._field(call, node.attr)
        return value if is_scalar(value) else Field(ast.unparse(node), (node.attr,), node.attr)

    def _field(self, call: PythonCall, name: str) -> Any:
        """What is said of a field, also by the command; else the default that all such classes have.

        What ``--given`` says of it is what the run has of it in the end, and no variable of the script.
        """
        if name in {*call.keywords, *call.changed}:
            return self._overridden(name, call.attribute(name))
        if name == "world_size" and name not in self.given:
            started = self.environment.known.get("WORLD_SIZE")
            return literal(Raw(started)) if isinstance(started, str) else call
        if call is self.parsed:
            said = self.start.options.get(name, self.parsed_file.get(name))
            value = literal(Raw(said)) if isinstance(said, str) else said
            is_known = is_scalar(value) and value is not None and self.start.options.get(name) is not True
            return self._overridden(name, value if is_known else self._unsaid(name))
        return self._overridden(name, call if HIDDEN in call.keywords else _default(call, name))

    def _before(self, target: ast.Name | ast.Attribute | ast.Subscript) -> Any:
        """What an assignment such as ``+=`` begins with; a field of the arguments is that which they have."""
        found = self._holder(target.value) if isinstance(target, ast.Attribute) else None
        if found is None or not isinstance(target, ast.Attribute):
            return super()._before(target)
        return self.field_of(found[0], target)

    def _unsaid(self, name: str) -> Any:
        """What a field of the parsed classes is by default; all of them where a file may say another."""
        is_begun = any(name.startswith(one) for one in self.start.options)
        is_left_out = self.is_of_command and self.argv is None and not (self.start.words or is_begun)
        return self.parsed_defaults.get(name, self.parsed) if is_left_out else self.parsed

    def _unpack(self, targets: Sequence[ast.expr], value: Any) -> None:
        if value is not self.parsed:
            super()._unpack(targets, value)
            return
        for target in targets:
            self.store(target, value)

    def drop_replaced(self) -> None:
        """Pass over arguments that others are made of, unless something else is given them too."""
        held = [id(one) for call in self.calls for one in (*call.arguments, *call.keywords.values())]
        gone = {id(one) for one in self._replaced} - {*held}
        self.calls = [one for one in self.calls if id(one) not in gone]

    def object_of(self, node: ast.expr) -> Any:
        """What a name stands for, or what a call gives; None of other expressions."""
        return self.scope.get(node.id) if isinstance(node, ast.Name) else self._given_by.get(node)

    def _holder(self, node: ast.expr) -> tuple[PythonCall, bool] | None:
        """The arguments that an expression stands for, ``args`` or ``trainer.args``.

        And whether a line that has them so runs whenever they are made.
        """
        is_of_trainer = isinstance(node, ast.Attribute) and node.attr == "args"
        owner = node.value if is_of_trainer and isinstance(node, ast.Attribute) else node
        name = owner.id if isinstance(owner, ast.Name) else ""
        found = self.called(owner)
        if not isinstance(found, PythonCall):
            return None
        held = arguments_of(found) if is_of_trainer else found
        return (held, self.is_always(found, name)) if are_arguments(held) else None

    def called(self, node: ast.expr) -> Any:
        """What a call gave to a name, whatever became of that, or gives here."""
        found = self.object_of(node)
        is_lost = isinstance(node, ast.Name) and isinstance(found, Unknown)
        return self._called.get(node.id, found) if is_lost and isinstance(node, ast.Name) else found

    def _set_part(self, target: ast.Attribute | ast.Subscript, value: object) -> None:
        """An attribute of arguments, by whatever name, or an item of their dict, or of one among them."""
        if isinstance(target, ast.Attribute):
            found = self._holder(target.value)
            if found:
                self._set_one(found, target.attr, value, target.lineno)
                return
        elif table := self._dict_of(target.value):
            self._set_items(*table, {self.visit(target.slice): value}, target.lineno)
            return
        super()._set_part(target, value)

    def _dict_of(self, node: ast.expr) -> tuple[tuple[PythonCall, bool], str] | None:
        """The arguments whose ``__dict__`` or ``vars(…)`` it is, or of which it is the one that is named."""
        owner, part = namespace_of(node), ""
        if owner is None and isinstance(node, ast.Attribute):
            owner, part = node.value, node.attr
        found = None if owner is None else self._holder(owner)
        return (found, part) if found else None

    def _set_items(
        self, found: tuple[PythonCall, bool], part: str, items: Mapping[Any, Any] | None, line: int
    ) -> None:
        """Several of the arguments, or items of the ``part`` that is one of them; None where nobody knows."""
        unknown = Unknown(f"what line {line} may set")
        if not part:
            for key, value in ({None: unknown} if items is None else items).items():
                self._set_one(found, key if isinstance(key, str) else None, value, line)
            return
        old = found[0].attribute(part)
        is_known = isinstance(old, dict) and items is not None and all(isinstance(one, str) for one in items)
        new = {**old, **items} if is_known and items is not None else replace(unknown, names=(part,))
        self._set_one(found, part, new, line)

    def _change_by(self, node: ast.Call, made: PythonCall) -> None:
        """``setattr(args, "max_steps", 5)``, and ``args.__dict__.update(max_steps=5)``."""
        method = made.called
        if method in SETATTR and len(made.arguments) == 3:
            key = made.arguments[1] if isinstance(made.arguments[1], str) else None
            self._set_by_name(node.args[0], key, made.arguments[2], node.lineno)
        elif method in CHANGING and isinstance(node.func, ast.Attribute):
            self._set_several(node.func.value, updated(method, made), node.lineno)

    def _set_by_name(self, owner: ast.expr, key: str | None, value: object, line: int) -> None:
        """An attribute of arguments, or of what the script's own parser gave; None is any."""
        found, table = self._holder(owner), self.object_of(owner)
        if found:
            self._set_one(found, key, value, line)
        elif isinstance(table, Table) and table.is_parsed:
            self.set_parsed(table, owner, {key: value}, line)

    def _set_several(self, of: ast.expr, items: Mapping[Any, Any] | None, line: int) -> None:
        """Items of a dict that is the namespace of either, or one of the arguments."""
        found, table = self._dict_of(of), self.object_of(namespace_of(of) or of)
        if found:
            self._set_items(*found, items, line)
        elif isinstance(table, Table) and table.is_parsed:
            self.set_parsed(table, of, items, line)

    def _set_one(self, found: tuple[PythonCall, bool], key: str | None, value: object, line: int) -> None:
        """One of the arguments; any of them, where nobody knows which."""
        call, is_sure = found
        if key is None:
            for one in {**call.keywords, **MAIN}:
                self.change(call, one, None, line, is_sure=False)
            return
        if key in _READ_AT_ONCE and any(arguments_of(one) is call for one in self.calls):
            value = Unknown(f"what line {line} sets once the Trainer has it", (key,))
        self.change(call, key, value, line, is_sure=is_sure)

    def made_by(self, node: ast.Call, made: Any) -> Any:
        """What a call gives: what was parsed, arguments that it changes, or what it is anyway."""
        if not isinstance(made, PythonCall):
            return made
        self._change_by(node, made)
        method = made.called
        on = self.object_of(node.func.value) if isinstance(node.func, ast.Attribute) else None
        if _parses(method, on):
            is_whole = method == _PARSING[0] and not (node.args or keyword(node, "args_filename"))
            self.is_of_command = self.is_of_command or (is_whole and not keyword(node, "args"))
            self.parsed_file |= settings_parsed(made, self.start)
            if not self.parsed.line:
                self.parsed = replace(self.parsed, line=node.lineno)
            return self.parsed
        if method in SETTERS and are_arguments(on) and isinstance(node.func, ast.Attribute):
            self._set(on, node.func.value, set_by(method, made), node.lineno)
            return on
        base = self.object_of(node.args[0]) if method == "replace" and node.args else None
        return self._replace(base, node, made) if are_arguments(base) else made

    def _set(self, call: PythonCall, owner: ast.expr, values: Mapping[str, Any], line: int) -> None:
        is_sure = self.is_always(call, owner.id if isinstance(owner, ast.Name) else "")
        for key, value in values.items():
            self.change(call, key, value, line, is_sure=is_sure)

    def _replace(self, base: PythonCall, node: ast.Call, made: PythonCall) -> PythonCall:
        """``dataclasses.replace(base, learning_rate=1e-4)``: arguments of their own."""
        self.calls = [one for one in self.calls if one is not made]
        if base is self.parsed:
            self._set(base, node.args[0], made.keywords, node.lineno)
            return base
        changed = {key: one for key, one in base.changed.items() if key not in made.keywords}
        lines, keywords = {**base.lines, **made.lines}, {**base.keywords, **made.keywords}
        new = PythonCall(base.name, base.arguments, keywords, node.lineno, lines, changed)
        self.calls.append(new)
        if self.is_always(base, node.args[0].id if isinstance(node.args[0], ast.Name) else ""):
            self._replaced.append(base)
        return new


def _default(call: PythonCall, name: str) -> Any:
    """What a field is that no line says; the call itself where that is not known."""
    is_plain = call.called in OF_TRANSFORMERS
    return {**_OF_ALL, **(MAIN if is_plain else {})}.get(name, call)


def _parses(method: str, on: object) -> bool:
    parser = on.called if isinstance(on, PythonCall) else ""
    return method in _PARSING or (parser in PARSERS and method.startswith("parse"))


def are_arguments(value: object) -> TypeGuard[PythonCall]:
    """Whether they are the arguments of a Trainer."""
    return isinstance(value, PythonCall) and bool(_PARSING[0] == value.name or OF_TRAINERS.search(value.name))


def arguments_of(trainer: PythonCall) -> Any:
    """The ``args`` that a Trainer is given, or a class of another name."""
    if not trainer.called[:1].isupper():
        return None
    return trainer.keywords.get("args", (*trainer.arguments, None, None)[1])


def updated(method: str, made: PythonCall) -> Mapping[Any, Any] | None:
    """The items that ``update`` brings; None where nobody knows, or another method changes them."""
    tables = [*made.arguments, dict(made.keywords)]
    is_known = method == "update" and "**" not in made.keywords
    if not is_known or not all(isinstance(one, dict) for one in tables):
        return None
    return {key: value for one in tables for key, value in one.items()}
