"""Functions of a script that none of its lines names: who runs the script does not run them."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.python.call_syntax import text_of
from lrviz.inputs.foreign.python.python_script import UNCALLED, Untrained

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.inputs.foreign.python.python_changes import Function


def uncalled(module: ast.Module) -> Iterator[tuple[Untrained, list[ast.AST]]]:
    """Why the lines of such a function may never be run; what others do with a class of it is not known."""
    named, nodes = _named(module), list(ast.walk(module))
    names = Counter(one.id for one in nodes if isinstance(one, ast.Name))
    made = Counter(
        one.func.id for one in nodes if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)
    )
    classes = [one for one in nodes if isinstance(one, ast.ClassDef)]
    of_classes = {id(one) for owner in classes for one in owner.body if not _is_closed(owner, names, made)}
    for one in nodes:
        if not isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)) or id(one) in of_classes:
            continue
        if named[one.name] == _named(one)[one.name] and not one.decorator_list and not _is_special(one):
            yield Untrained(one.name, one.lineno, is_sure=False, how=UNCALLED), [one]


def _named(part: ast.AST) -> Counter[str]:
    """How often a part of a file has each name: as one, as an attribute, or as a text."""
    nodes = list(ast.walk(part))
    found = Counter(one.id for one in nodes if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load))
    found.update(one.attr for one in nodes if isinstance(one, ast.Attribute))
    found.update(text for one in nodes if (text := text_of(one)))
    return found


def _is_closed(owner: ast.ClassDef, names: Counter[str], made: Counter[str]) -> bool:
    """Whether all that is done with a class is to make objects of it."""
    is_plain = not (owner.bases or owner.keywords or owner.decorator_list)
    return is_plain and 0 < names[owner.name] == made[owner.name]


def _is_special(function: Function) -> bool:
    """Whether Python itself calls it."""
    return function.name.startswith("__") and function.name.endswith("__")
