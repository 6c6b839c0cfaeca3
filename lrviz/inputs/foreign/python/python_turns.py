"""Loops and functions of a file whose fits follow each other: each turn and each call is read by itself."""

from __future__ import annotations

import ast
from itertools import islice
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.parsed_options import ParsedOptions
from lrviz.inputs.foreign.python.python_handed import values_of
from lrviz.inputs.foreign.python.python_script import PythonCall
from lrviz.inputs.foreign.python.python_values import is_known, is_sequence

if TYPE_CHECKING:
    from collections.abc import Sequence


_LIBRARIES = frozenset({"fastai"})
"""Those whose learner goes on from fit to fit; a loop elsewhere makes runs of their own."""
_MOST_TURNS = 1000
_WRAPPERS = frozenset({"tqdm", "trange", "progress_bar", "list", "tuple"})


class Turns(ParsedOptions, ast.NodeVisitor):
    """What is read as often as it runs, where that is known."""

    def __init__(self, *words: Any, **said: Any) -> None:
        super().__init__(*words, **said)
        self._turns_left = _MOST_TURNS

    def takes_turns(self, node: ast.For | ast.AsyncFor, over: Any) -> bool:
        """Read a loop turn by turn, where all of them are known and none ends it."""
        turns = _turns(over)
        ends = any(isinstance(one, (ast.Break, ast.Continue, ast.Return)) for one in ast.walk(node))
        if turns is None or ends or len(turns) > self._turns_left or not self._follows_fits():
            return False
        self._turns_left -= len(turns)
        for one in turns:
            self.store(node.target, one)
            self.visit_all(node.body)
        self.visit_all(node.orelse)
        return True

    def read_called(self, node: ast.Call, made: Any) -> None:
        """Read the lines of the file's own function where it is called."""
        body = self.body_of(node) if self._turns_left > 0 else None
        if body and isinstance(made, PythonCall) and self._follows_fits():
            self._turns_left -= 1
            self.read_bodies.add(body.node.name)
            self.read_body(body, {**self.unsaid_in(body.node), **values_of(body.node, made)})

    def _follows_fits(self) -> bool:
        return not _LIBRARIES.isdisjoint(self.imports)


def _turns(over: Any) -> Sequence[Any] | None:
    """What a loop goes over, of which each is known; None where nobody knows."""
    if isinstance(over, PythonCall) and over.name in _WRAPPERS - {"trange"} and over.arguments:
        return _turns(over.arguments[0])
    if isinstance(over, PythonCall) and over.name in ("range", "trange"):
        numbers = over.arguments
        is_whole = 1 <= len(numbers) <= 3 and all(type(one) is int for one in numbers)
        fits = is_whole and numbers[2:] != (0,)
        return list(islice(range(*numbers), _MOST_TURNS + 1)) if fits else None
    return over if is_sequence(over) and is_known(over) else None
