"""The arguments of a Trainer that a Python file changes once they are made, or once they are parsed.

Source: transformers 4.36 to 5.23, ``training_args.py`` (``set_training`` and its kin), ``hf_argparser.py``.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeGuard

from lrviz.inputs.foreign.python.python_assignments import Assignments
from lrviz.inputs.foreign.python.python_fields import OF_TRAINERS, PARSERS
from lrviz.inputs.foreign.source import PythonCall, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PARSING = ("parse_args_into_dataclasses", "parse_args_and_config")
"""Methods that only such a parser has."""
SETTERS: dict[str, dict[str, tuple[str, Any]]] = {
    "set_training": {
        "learning_rate": ("learning_rate", 5e-5),
        "batch_size": ("per_device_train_batch_size", 8),
        "weight_decay": ("weight_decay", 0),
        "num_epochs": ("num_train_epochs", 3),
        "max_steps": ("max_steps", -1),
        "gradient_accumulation_steps": ("gradient_accumulation_steps", 1),
    },
    "set_lr_scheduler": {
        "name": ("lr_scheduler_type", "linear"),
        "num_epochs": ("num_train_epochs", 3.0),
        "max_steps": ("max_steps", -1),
        "warmup_steps": ("warmup_steps", 0),
    },
    "set_optimizer": {"name": ("optim", "adamw_torch"), "learning_rate": ("learning_rate", 5e-5)},
    "set_dataloader": {
        "train_batch_size": ("per_device_train_batch_size", 8),
        "drop_last": ("dataloader_drop_last", False),
        "auto_find_batch_size": ("auto_find_batch_size", False),
    },
    "set_evaluate": {"strategy": ("eval_strategy", "no"), "steps": ("eval_steps", 500)},
    "set_logging": {"steps": ("logging_steps", 500)},
}
"""What the methods of ``TrainingArguments`` set, by the keyword of each, and to what where it is not said."""
_SET_IF_SAID = {"warmup_ratio": "warmup_ratio"}
"""Of ``set_lr_scheduler`` before 5.15."""


class ArgumentChanges(Assignments, ast.NodeVisitor):
    """Assignments, and what else changes the arguments of a Trainer.

    ``parsed`` is all that a parser of dataclasses gives: their fields have one value by one name.
    """

    def __init__(self, *words: Any, **said: Any) -> None:
        super().__init__(*words, **said)
        self.parsed = PythonCall("parse_args_into_dataclasses", (), {}, 0)
        self._given_by: dict[ast.expr, Any] = {}
        self._replaced: list[PythonCall] = []

    def visit_Call(self, node: ast.Call) -> Any:
        found = self._given_by[node] = self._made_by(node, super().visit_Call(node))
        return found

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        found = super().visit_Subscript(node)
        return self.parsed if self._object(node.value) is self.parsed else found

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

    def _object(self, node: ast.expr) -> Any:
        return self.scope.get(node.id) if isinstance(node, ast.Name) else self._given_by.get(node)

    def _made_by(self, node: ast.Call, made: Any) -> Any:
        """What a call gives: what was parsed, arguments that it changes, or what it is anyway."""
        if not isinstance(made, PythonCall):
            return made
        method = made.name.rpartition(".")[2]
        on = self._object(node.func.value) if isinstance(node.func, ast.Attribute) else None
        if _parses(method, on):
            if not self.parsed.line:
                self.parsed = replace(self.parsed, line=node.lineno)
            return self.parsed
        if method in SETTERS and _are_arguments(on) and isinstance(node.func, ast.Attribute):
            self._set(on, node.func.value, _set_by(method, made), node.lineno)
            return on
        base = self._object(node.args[0]) if method == "replace" and node.args else None
        return self._replace(base, node, made) if _are_arguments(base) else made

    def _set(self, call: PythonCall, owner: ast.expr, values: Mapping[str, Any], line: int) -> None:
        name = owner.id if isinstance(owner, ast.Name) else ""
        for key, value in values.items():
            self.change(call, name, key, value, line)

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


def _parses(method: str, on: object) -> bool:
    parser = on.name.rpartition(".")[2] if isinstance(on, PythonCall) else ""
    return method in _PARSING or (parser in PARSERS and method.startswith("parse"))


def _are_arguments(value: object) -> TypeGuard[PythonCall]:
    return isinstance(value, PythonCall) and bool(_PARSING[0] == value.name or OF_TRAINERS.search(value.name))


def _set_by(method: str, made: PythonCall) -> dict[str, Any]:
    """What a method of the arguments sets, by the names that those have."""
    known = SETTERS[method]
    if "**" in made.keywords or len(made.arguments) > min(len(known), 3):
        return {name: Unknown(f"what line {made.line} sets", (name,)) for name, _ in known.values()}
    said = {**dict(zip(known, made.arguments, strict=False)), **made.keywords}
    more = {name: said[key] for key, name in _SET_IF_SAID.items() if key in said}
    return {**{name: said.get(key, default) for key, (name, default) in known.items()}, **more}
