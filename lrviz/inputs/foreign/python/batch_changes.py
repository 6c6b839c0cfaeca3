"""Whether a function leaves the columns of its batch, and what a tokenizer makes of them, as long.

Source: transformers 5.23.0 ``tokenization_utils_base.py``, ``BatchEncoding``; datasets 5.2.0
``arrow_dataset.py``: a column of another length than the rest stops it.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from lrviz.inputs.foreign.python.call_syntax import called, dotted, given_to, method_of, name_of
from lrviz.inputs.foreign.python.python_changes import GIVING, READING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAKERS = ("tokenizer", "processor", "extractor")
_OF_TEXTS = frozenset(
    {"word_ids", "sequence_ids", "tokens", "char_to_token", "token_to_chars", "token_to_word"}
)
"""Methods of what a tokenizer makes that tell of a row."""
_READING = READING | GIVING | _OF_TEXTS
_FUNCTIONS = frozenset(
    {
        *("len", "list", "tuple", "set", "dict", "enumerate", "zip", "range", "sorted", "reversed"),
        *("min", "max", "sum", "any", "all", "map", "print", "isinstance", "type", "copy", "deepcopy"),
    }
)
"""Functions that leave what they are given."""
_MAIN = frozenset({"input_ids", "input_values", "input_features", "pixel_values"})
"""What is always made: where it stays, no other column has another length."""


def is_maker(value: ast.expr) -> bool:
    """Whether it calls a tokenizer, or the like."""
    return isinstance(value, ast.Call) and any(one in dotted(value.func).lower() for one in _MAKERS)


def is_left_whole(function: ast.FunctionDef, batch: str, made: set[str]) -> bool:
    """Whether nothing in it may make columns of other lengths; ``made`` are names of what is made of them."""
    nodes = [*ast.walk(function)]
    tracked = _tracked(nodes, {batch} | made)
    allowed = {id(target) for one in nodes for target in _columns_added(one, made)}
    return not any(id(one) not in allowed and _may_change(one, tracked, made) for one in nodes)


def _tracked(nodes: list[ast.AST], names: set[str]) -> set[str]:
    """The names that may stand for columns: all that are set by one of those, but for rows."""
    columns = {
        target.id
        for one in nodes
        if isinstance(one, ast.Assign) and (_is_column(one.value) or _is_of_each(one.value))
        for target in one.targets
        if isinstance(target, ast.Name)
    }
    pairs = [pair for one in nodes for pair in _set_by(one, columns)]
    found = set(names)
    while new := {
        name
        for target, value in pairs
        if not _is_of_row(value) and _names(value) & found
        for name in _names(target) - found
    }:
        found |= new
    return found


def _set_by(node: ast.AST, columns: set[str]) -> Iterator[tuple[ast.AST, ast.expr]]:
    """What a node sets, and by what."""
    if isinstance(node, ast.Assign):
        yield from ((target, node.value) for target in node.targets if not _is_part(target))
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr, ast.AugAssign)) and node.value is not None:
        yield node.target, node.value
    elif isinstance(node, (ast.For, ast.comprehension)) and not _gives_rows(node.iter, columns):
        yield node.target, node.iter
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        yield node.optional_vars, node.context_expr


def _is_part(target: ast.AST) -> bool:
    return isinstance(target, (ast.Subscript, ast.Attribute))


def _is_of_row(value: ast.expr) -> bool:
    """Whether it tells of one row: ``made.word_ids(i)``."""
    return isinstance(value, ast.Call) and method_of(value) in _OF_TEXTS


def _gives_rows(over: ast.expr, columns: set[str]) -> bool:
    """Whether a loop over it is one over rows, which may change: over a column, or over several at once."""
    if isinstance(over, ast.Call) and name_of(over.func) in ("enumerate", "zip"):
        return all(_gives_rows(one, columns) for one in over.args)
    is_range = isinstance(over, ast.Call) and name_of(over.func) == "range"
    return is_range or _is_column(over) or name_of(over) in columns


def _is_column(value: ast.expr) -> bool:
    match value:
        case ast.Subscript(value=ast.Name(), slice=ast.Constant(value=str())):
            return True
    return False


def _columns_added(node: ast.AST, made: set[str]) -> Iterator[ast.expr]:
    """The targets of ``made["labels"] = …``; of the main column only where that has one for each again."""
    if not isinstance(node, ast.Assign):
        return
    for target in node.targets:
        match target:
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str(key))) if name in made:
                if key not in _MAIN or _is_of_each(node.value):
                    yield target


def _is_of_each(value: ast.expr) -> bool:
    match value:
        case ast.ListComp(generators=[ast.comprehension(iter=over, ifs=[])]):
            return _is_column(over)
    return False


def _may_change(node: ast.AST, tracked: set[str], made: set[str]) -> bool:
    if isinstance(node, (ast.Subscript, ast.Attribute)) and not isinstance(node.ctx, ast.Load):
        return _root(node) in tracked
    if isinstance(node, ast.AugAssign):
        return _root(node.target) in tracked
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute) and _root(node.func) in tracked:
        return node.func.attr not in _READING
    if called(node) in _FUNCTIONS or is_maker(node):
        return False
    return name_of(node.func) in tracked or any(_is_handed(one, tracked, made) for one in given_to(node))


def _is_handed(value: ast.expr, tracked: set[str], made: set[str]) -> bool:
    """Whether a function is given columns that it may change."""
    if isinstance(value, (ast.List, ast.Tuple)):
        return any(_is_handed(one, tracked, made) for one in value.elts)
    value = value.value if isinstance(value, ast.Starred) else value
    return name_of(value) in tracked or (_is_column(value) and _root(value) in tracked - made)


def _root(node: ast.AST) -> str:
    """The name that a part is of, whatever stands between: ``batch.get("text")[0]``."""
    return dotted(node).replace("[]", "").replace("()", "").partition(".")[0]


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
