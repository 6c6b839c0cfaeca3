"""What a script makes of its own options, ``args.lr = args.lr * size``, and of which names and numbers."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_PART = re.compile(r"\w+|[^\w\s().,'\"]+")
_SELF = "self"


class SetOption(NamedTuple):
    """An option that a line sets, what it is ``made_of``: names, numbers and signs, and how it is written."""

    name: str
    made_of: frozenset[str]
    line: int
    text: str


def set_options(module: ast.Module) -> Iterator[SetOption]:
    """The attributes of names that the lines of a file set; what an object sets of itself is no option."""
    for one in ast.walk(module):
        if isinstance(one, ast.Assign):
            for target in one.targets:
                yield from _options_in(target, one, one.value)
        elif isinstance(one, ast.AugAssign):
            yield from _options_in(one.target, one, ast.BinOp(one.target, one.op, one.value))


def _options_in(target: ast.expr, line: ast.stmt, value: ast.expr) -> Iterator[SetOption]:
    for one in target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]:
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id != _SELF:
            made_of = frozenset(_PART.findall(ast.unparse(value))) - {one.value.id}
            yield SetOption(one.attr, made_of, line.lineno, ast.unparse(line))
