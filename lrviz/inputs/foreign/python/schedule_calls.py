"""Calls of schedules that lrviz knows in a Python file, as they are pasted into a command line."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lrviz.catalogue.names import lookup
from lrviz.inputs.foreign.python.call_syntax import called
from lrviz.inputs.foreign.python.python_call import member
from lrviz.inputs.foreign.python.python_script import PythonCall
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.catalogue.registry import Entry
    from lrviz.inputs.foreign.source import Source

_OF_ALL = ("optimizer", "last_epoch", "verbose")
_BY_NAME = "get_scheduler"
_OPEN = "N"
"""What stands in place of a value that only a run could tell."""


def pasted_calls(source: Source) -> Iterator[tuple[str, ...]]:
    """The words ``OneCycleLR(optimizer, max_lr=0.1, total_steps=N)``, of each call of one, and ``--lr``."""
    for call in source.python.calls:
        name = call.called
        entry = lookup(name) if is_of_schedule(name) else None
        if name == _BY_NAME or (entry is not None and _may_be(entry, call)):
            yield _pasted(call), *_lr_of(call)


def _may_be(entry: Entry, call: PythonCall) -> bool:
    """Whether it has such keywords: another library may have a class of that name."""
    return call.keywords.keys() <= {*entry.params, *entry.ignores, *_OF_ALL}


def call_text(call: PythonCall) -> str:
    """A call as it is written, its optimizer's too, with ``N`` for what is unknown."""
    named = [f"{key}={_text(value)}" for key, value in call.keywords.items()]
    return f"{call.name}({', '.join([*map(_text, call.arguments), *named])})"


def is_of_schedule(name: str) -> bool:
    """Whether it may be one by its name: ``optimizer.step()`` and ``F.linear(x)`` are none."""
    return name[:1].isupper() or "schedule" in name


def open_text(call: ast.Call) -> str:
    """A call as it stands in a script, with ``N`` for all but numbers, texts and its optimizer."""
    others = [_literal_text(one) for one in call.args[1:]]
    names = [one for one in call.keywords if one.arg and one.arg not in _OF_ALL]
    named = [f"{one.arg}={_literal_text(one.value)}" for one in names]
    return f"{called(call)}({', '.join(['optimizer', *others, *named])})"


def _literal_text(value: ast.expr) -> str:
    return ast.unparse(value) if isinstance(value, (ast.Constant, ast.Lambda)) else _OPEN


def _lr_of(call: PythonCall) -> tuple[str, ...]:
    """That of the optimizer which it is given."""
    optimizers = [*call.arguments[:1], call.keywords.get("optimizer")]
    lrs = [one.keywords.get("lr") for one in optimizers if isinstance(one, PythonCall)]
    return ("--lr", str(lrs[0])) if lrs and isinstance(lrs[0], float) else ()


def _pasted(call: PythonCall) -> str:
    has_optimizer = bool(call.arguments) and isinstance(call.arguments[0], Unknown | PythonCall)
    others = [_text(one) for one in call.arguments[has_optimizer:]]
    keywords = call.keywords.items()
    named = [f"{key}={key if key == 'optimizer' else _text(value)}" for key, value in keywords]
    return f"{call.name}({', '.join([*['optimizer'] * has_optimizer, *others, *named])})"


def _text(value: object) -> str:
    match member(value):
        case Unknown():
            return _OPEN
        case PythonCall(name=name) as call:
            return _pasted(call) if is_of_schedule(name.rpartition(".")[2]) else _OPEN
        case list() | tuple() as several:
            return f"[{', '.join(map(_text, several))}]"
        case str() as text:
            return f"'{text}'"
    return str(value)
