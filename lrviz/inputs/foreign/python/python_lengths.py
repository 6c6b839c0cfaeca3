"""How long the rows and the loader are that a Python file plainly trains on, where lrviz is told so.

Source: torch 2.13.0 ``utils/data/dataloader.py``: ``len`` of a loader.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.python.call_syntax import dotted
from lrviz.inputs.foreign.python.python_script import PythonCall
from lrviz.notation.numbers import digits
from lrviz.plan.arithmetic import dataloader_len

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROWS, BATCHES = "len(train_dataset)", "len(train_dataloader)"
"""The names by which a file asks for them."""
_LOADER = "DataLoader"
_TRAINS = re.compile(r"(?:.*_)?train(?:ing|er)?(?:_.*|set|loader|data)?", re.IGNORECASE)
_SAMPLED = frozenset({"sampler", "batch_sampler", "**"})


@dataclass
class Lengths:
    """What a file trains on: the expressions that its Trainer is given, and its loaders."""

    sets: frozenset[str] = frozenset()
    loaders: int = 0
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, module: ast.Module) -> Lengths:
        """Those of a file."""
        calls = [one for one in ast.walk(module) if isinstance(one, ast.Call)]
        given = {word.value for one in calls for word in one.keywords if word.arg == "train_dataset"}
        loaders = sum(dotted(one.func).endswith(_LOADER) for one in calls)
        return cls(frozenset(map(ast.unparse, given)), loaders)

    def known(self, node: ast.expr, value: object, given: Mapping[str, str]) -> int | None:
        """The ``len`` of an expression that stands for a value; None where it is not told."""
        if isinstance(value, PythonCall) and value.called == _LOADER:
            found = self._batches(node, value, given)
        else:
            what = BATCHES if any("loader" in name.lower() for name in _last_name(node)) else ROWS
            found = _number(given, what) if ast.unparse(node) in self.sets or _is_of_training(node) else None
        if found is not None:
            self._note(f"len({ast.unparse(node)}) is {found}: it is taken to be what it trains on")
        return found

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def _batches(self, node: ast.expr, loader: PythonCall, given: Mapping[str, str]) -> int | None:
        """Batches of a loader of all rows, ``ceil(rows / batch_size)``."""
        if not (_is_of_training(node) or self.loaders == 1) or not _SAMPLED.isdisjoint(loader.keywords):
            return None
        rows, batches = _number(given, ROWS), _number(given, BATCHES)
        size = loader.keywords.get("batch_size", (*loader.arguments, None, None)[1] or 1)
        drop_last: Any = loader.keywords.get("drop_last", False)
        if rows is None or type(size) is not int or size < 1 or not isinstance(drop_last, bool):
            return batches
        return dataloader_len(rows, size, drop_last=drop_last)


def _is_of_training(node: ast.expr) -> bool:
    """``train``, ``ds["train"]``, ``data.train_set``: by the last of its names."""
    return any(_TRAINS.fullmatch(name) for name in _last_name(node))


def _last_name(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        yield str(node.slice.value)


def _number(given: Mapping[str, str], name: str) -> int | None:
    return digits(given[name]) if name in given else None
