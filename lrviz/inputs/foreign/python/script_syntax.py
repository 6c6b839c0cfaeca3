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
        self._bound = bound_otherwise(self.nodes)

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
        made = self.assigned_to(value) if isinstance(value, ast.Name) else []
        return made[0] if len(made) == 1 else value

    def assigned_to(self, name: ast.Name, depth: int = 0) -> list[ast.expr]:
        """What a name is assigned, as it is seen where it stands; nothing where anything else may bind it."""
        owner = next((one for one in self.above(name) if name.id in own_names(one)), None)
        if owner is not None:
            return self._given(owner, name.id, depth)
        made = self.values.get(name.id, [])
        is_call = all(isinstance(one, ast.Call) for one in made)  # ``accelerator.prepare`` gives it back
        return [] if name.id in self._bound and not is_call else made

    def _given(self, owner: ast.AST, name: str, depth: int) -> list[ast.expr]:
        """What a function is always given for a parameter, where that is a number, a text or a name."""
        if not isinstance(owner, ast.FunctionDef) or depth > DEEPEST or sets(owner, name):
            return []
        calls = [one for one in self.calls if ast.unparse(one.func) == owner.name]
        named = [one for one in self.nodes if getattr(one, "name", getattr(one, "id", "")) == owner.name]
        given = [given_for(owner, one, name) for one in calls]
        if not given or len(named) != 1 + len(calls) or owner.decorator_list or owner.args.vararg:
            return []
        first = given[0]
        if first is None or any(one is None or ast.unparse(one) != ast.unparse(first) for one in given):
            return []
        if isinstance(first, ast.Name):
            return self.assigned_to(first, depth + 1)
        return [first] if isinstance(first, ast.Constant) else []

    def mentions(self, value: ast.expr, option: str, depth: int = 0) -> bool:
        """Whether it is made of an option, by whatever names."""
        names = [one for one in ast.walk(value) if isinstance(one, (ast.Name, ast.Attribute))]
        made = [one for name in names for one in self.values.get(ast.unparse(name), [])]
        is_made = depth < DEEPEST and any(self.mentions(one, option, depth + 1) for one in made)
        return is_made or any(getattr(one, "attr", "") == option for one in names)

    def literal(self, value: ast.expr) -> int | float | str | None:
        """The number or text that stands there, or that a name is always assigned; None of anything else."""
        made = self.assigned_to(value) if isinstance(value, ast.Name) else [value]
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


def bound_otherwise(nodes: list[ast.AST]) -> set[str]:
    """The names that something else binds than a line that assigns them a value of their own: a ``for``."""
    inner = {one for node in nodes for one in ast.walk(node) if isinstance(node, ast.comprehension)}
    plain: set[ast.AST] = set()
    for node in nodes:
        if isinstance(node, ast.Assign):
            plain |= {name for target in node.targets for name, _ in _pairs(target, node.value)}
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign)):
            plain.add(node.target)
    return {one for node in nodes if node not in plain and node not in inner for one in _bound_by(node)}


def _bound_by(node: ast.AST) -> list[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            return [name]
        case ast.alias():
            return [(node.asname or node.name).partition(".")[0]]
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.ExceptHandler():
            return [node.name or ""]
        case ast.MatchAs() | ast.MatchStar():
            return [node.name or ""]
        case ast.MatchMapping():
            return [node.rest or ""]
    return []


def own_names(node: ast.AST) -> set[str]:
    """The names that a function, or a comprehension, has for itself: its parameters, or its turns'."""
    match node:
        case ast.FunctionDef(args=args) | ast.AsyncFunctionDef(args=args) | ast.Lambda(args=args):
            return {one.arg for one in ast.walk(args) if isinstance(one, ast.arg)}
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            within = (name for one in node.generators for name in ast.walk(one.target))
            return {one.id for one in within if isinstance(one, ast.Name)}
    return set()


def sets(function: ast.AST, name: str) -> bool:
    """Whether a line in it binds a name."""
    return any(name in _bound_by(one) for one in ast.walk(function))


def given_for(function: ast.FunctionDef, call: ast.Call, name: str) -> ast.expr | None:
    """What a call gives a function for a parameter; None where it does not say that itself."""
    places = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    if any(isinstance(one, ast.Starred) for one in call.args) or None in [one.arg for one in call.keywords]:
        return None
    words = dict(zip(places, call.args, strict=False)) | {one.arg: one.value for one in call.keywords}
    return words.get(name)


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
