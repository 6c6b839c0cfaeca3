"""Where a Python file trains, and with which arguments: what it does to those afterwards is of no run."""

from __future__ import annotations

import ast
from typing import Any

from lrviz.inputs.foreign.python.python_arguments import ArgumentChanges, are_arguments, arguments_of
from lrviz.inputs.foreign.python.python_script import PythonCall, Training
from lrviz.inputs.foreign.python.trained_again import CHECKPOINT

_METHOD = "train"


class Trained(ArgumentChanges, ast.NodeVisitor):
    """Changes of arguments up to the line that first trains with them, ``trainer.train()``."""

    def __init__(self, *words: Any, **said: Any) -> None:
        super().__init__(*words, **said)
        self.trainings: dict[int, Training] = {}  # by its line, which may be read more than once
        self.resumed: dict[int, Any] = {}  # by its line, what a training is told to go on from

    def made_by(self, node: ast.Call, made: Any) -> Any:
        """What a call gives; that of a Trainer's method is noted."""
        found = super().made_by(node, made)
        if isinstance(node.func, ast.Attribute) and node.func.attr == _METHOD:
            trainer = self.called(node.func.value)
            arguments = arguments_of(trainer) if isinstance(trainer, PythonCall) else None
            if are_arguments(arguments):
                known = trainer if self.object_of(node.func.value) is trainer else None
                self.trainings.setdefault(node.lineno, Training(arguments, node.lineno, known))
            is_known = are_arguments(arguments)  # another train() may take anything first
            self.resumed.setdefault(node.lineno, _checkpoint(made, is_known=is_known))
        return found

    def change(self, call: PythonCall, key: str, value: object, line: int, *, is_sure: bool) -> None:
        """Have arguments changed that nothing is trained with yet."""
        if not any(one.arguments is call for one in self.trainings.values()):
            super().change(call, key, value, line, is_sure=is_sure)


def _checkpoint(made: object, *, is_known: bool) -> Any:
    """What ``train()`` is told to go on from; no other than a Trainer's has that keyword."""
    if not isinstance(made, PythonCall):
        return None
    return made.keywords.get(CHECKPOINT, (*made.arguments, None)[0] if is_known else None)
