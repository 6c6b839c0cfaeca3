"""The syntax of a script, with what its names are assigned and what each line stands in."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 5
"""Names that stand for each other are followed so far."""


class ScriptSyntax:
    """All nodes of a module, in the order of ``ast.walk``."""

    def __init__(self, module: ast.Module) -> None:
        self.values = assigned(module)
        self.nodes = list(ast.walk(module))
        self.calls = [one for one in self.nodes if isinstance(one, ast.Call)]
        self._parents = {child: node for node in self.nodes for child in ast.iter_child_nodes(node)}

    @cached_property
    def keys(self) -> dict[str, set[object]]:
        """By what is read like a dict, the keys that are written out: ``hyp["lr0"]``."""
        found: dict[str, set[object]] = {}
        for one in self.nodes:
            match one:
                case ast.Subscript(value=of, slice=ast.Constant(value=key), ctx=ast.Load()):
                    found.setdefault(ast.unparse(of), set()).add(key)
        return found

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """What a node stands in, the innermost first."""
        while node in self._parents:
            node = self._parents[node]
            yield node

    def is_option(self, value: ast.expr, *options: str, depth: int = 0) -> bool:
        """Whether it is an attribute of such a name, or a name that is assigned that alone."""
        if isinstance(value, ast.Attribute) and value.attr in options:
            return True
        made = self.values.get(ast.unparse(value), []) if isinstance(value, (ast.Name, ast.Attribute)) else []
        return (
            bool(made)
            and depth < DEEPEST
            and all(self.is_option(one, *options, depth=depth + 1) for one in made)
        )

    def only(self, value: ast.expr) -> ast.expr:
        """What a name is assigned, where that is one thing; anything else as it is."""
        made = self.values.get(ast.unparse(value), []) if isinstance(value, ast.Name) else []
        return made[0] if len(made) == 1 else value

    def mentions(self, value: ast.expr, option: str, depth: int = 0) -> bool:
        """Whether it is made of an option, by whatever names."""
        names = [one for one in ast.walk(value) if isinstance(one, (ast.Name, ast.Attribute))]
        made = [one for name in names for one in self.values.get(ast.unparse(name), [])]
        is_made = depth < DEEPEST and any(self.mentions(one, option, depth + 1) for one in made)
        return is_made or any(getattr(one, "attr", "") == option for one in names)

    def literal(self, value: ast.expr) -> int | float | str | None:
        """The number or text that stands there, or that a name is always assigned; None of anything else."""
        made = self.values.get(ast.unparse(value), []) if isinstance(value, ast.Name) else [value]
        found = {one.value for one in made if isinstance(one, ast.Constant)}
        only = found.pop() if len(found) == 1 and all(isinstance(one, ast.Constant) for one in made) else None
        return only if isinstance(only, (int, float, str)) and not isinstance(only, bool) else None


def conditions_of(syntax: ScriptSyntax, node: ast.AST) -> set[str]:
    """The attributes, as of parsed options, that conditions around a node look at."""
    tests = [one.test for one in syntax.above(node) if isinstance(one, ast.If)]
    return {one.attr for test in tests for one in ast.walk(test) if isinstance(one, ast.Attribute)}


def assigned(module: ast.Module) -> dict[str, list[ast.expr]]:
    """What each variable is set to, anywhere."""
    found: dict[str, list[ast.expr]] = {}
    for one in ast.walk(module):
        if isinstance(one, ast.Assign):
            for name, value in (pair for target in one.targets for pair in _pairs(target, one.value)):
                found.setdefault(ast.unparse(name), []).append(value)
        elif isinstance(one, ast.AnnAssign) and one.value:
            found.setdefault(ast.unparse(one.target), []).append(one.value)
        elif isinstance(one, ast.AugAssign):
            value = ast.BinOp(one.target, one.op, one.value, lineno=one.lineno, col_offset=0)
            found.setdefault(ast.unparse(one.target), []).append(value)
    return found


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What is assigned, ``lr, epochs = 2e-5, 3`` one by one."""
    match target, value:
        case ast.Tuple(elts=names), ast.Tuple(elts=values) if len(names) == len(values):
            yield from zip(names, values, strict=True)
        case _:
            yield target, value


def factors(value: ast.expr) -> Iterator[ast.expr]:
    """The factors of a product."""
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult):
        yield from factors(value.left)
        yield from factors(value.right)
    else:
        yield value


def items(table: ast.Dict) -> dict[str, ast.expr]:
    """The values of a dict whose keys are written out."""
    pairs = zip(table.keys, table.values, strict=True)
    return {str(key.value): said for key, said in pairs if isinstance(key, ast.Constant)}
