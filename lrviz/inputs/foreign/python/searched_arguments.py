"""Arguments of a Trainer that a search of its own tries others for, ``trainer.hyperparameter_search()``.

Source: transformers 5.23, ``_hp_search_setup`` of ``trainer.py``, which leaves those of the last trial.
"""

from __future__ import annotations

import ast
from typing import Any

from lrviz.inputs.foreign.python.call_syntax import keyword, name_of, texts_of
from lrviz.inputs.foreign.python.python_arguments import are_arguments, arguments_of
from lrviz.inputs.foreign.python.python_handed import HandedArguments
from lrviz.inputs.foreign.python.python_script import PythonCall
from lrviz.inputs.foreign.unknown import Unknown

_SEARCH, _SPACE = "hyperparameter_search", "hp_space"
_TRIED = ("learning_rate", "num_train_epochs", "per_device_train_batch_size")
"""What it tries where it is given no space of its own."""


class SearchedArguments(HandedArguments, ast.NodeVisitor):
    """Nobody knows what a search tries, nor what it leaves behind."""

    def made_by(self, node: ast.Call, made: Any) -> Any:
        """What a call gives; that of a search changes the arguments of its Trainer."""
        found = super().made_by(node, made)
        if isinstance(node.func, ast.Attribute) and node.func.attr == _SEARCH:
            trainer = self.called(node.func.value)
            arguments = arguments_of(trainer) if isinstance(trainer, PythonCall) else None
            if are_arguments(arguments):
                self._search(arguments, node)
        return found

    def _search(self, arguments: PythonCall, node: ast.Call) -> None:
        for key in self._tried(node):
            value = Unknown(f"of a trial of the search in line {node.lineno}", (key,))
            self.change(arguments, key, value, node.lineno, is_sure=True)

    def _tried(self, node: ast.Call) -> list[str]:
        space = keyword(node, _SPACE)
        body = self.bodies.get(name_of(space))
        keys = _keys(body.node if body else space) if space else []
        return keys or [*_TRIED]


def _keys(space: ast.AST) -> list[str]:
    """The arguments that a function has values for: the keys of the tables in it."""
    tables = (one for one in ast.walk(space) if isinstance(one, ast.Dict))
    return texts_of(key for one in tables for key in one.keys)
