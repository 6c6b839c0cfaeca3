"""A traced formula as the lines of a function's body."""

from __future__ import annotations

import ast
import math
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.engine.traced import Traced
from lrviz.snippets.dialect import IDENTITIES, LOGICAL, PYTHON
from lrviz.snippets.number_tables import free_name
from lrviz.snippets.pretty import laid_out, text_of
from lrviz.snippets.repeats import Repeats

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrviz.snippets.dialect import Dialect
    from lrviz.snippets.number_tables import Tables

WIDTH = 80
"""Of a line."""
WORTH = 10
"""Letters of an expression that is worth a name where it stands twice."""
LOCALS = "uvwxyzabcdefghijkmnopqrst"


class Writer:
    """The body of a function of one ``variable``; ``tables`` are what it looks things up in."""

    def __init__(self, dialect: Dialect, variable: str, tables: Tables, taken: set[str], indent: int) -> None:
        self.dialect = dialect
        self.variable = variable
        self.tables = tables
        self._taken = {variable, *taken}
        self._repeats = Repeats()
        self._names: dict[int, str] = {}
        self._lines: list[str] = []
        self._indent = indent

    def body(self, formula: Any) -> list[str]:
        """The lines that return the formula.

        Raises:
            UntraceableError: the dialect has no word for something in it.

        """
        self._repeats.count(formula)
        self._return(formula)
        return self._lines

    # --- statements ----------------------------------------------------------------------------------------

    def _line(self, text: str) -> None:
        self._lines.append("    " * self._indent + text)

    def _assign(self, name: str, node: ast.expr) -> ast.Name:
        self._lines += laid_out(f"{name} = ", node, 4 * self._indent)
        self._taken.add(name)
        return ast.Name(name)

    def _free(self, wish: str = "") -> str:
        """A name that is not taken."""
        letter = next((name for name in LOCALS if name not in self._taken), LOCALS[0])
        return free_name(wish or letter, self._taken)

    def _return(self, node: Any) -> None:
        """Return a value: in Python alone the branches are statements."""
        node = self._repeats.only(node)
        if isinstance(node, Traced) and self.dialect.scalar and node.op in ("where", "branch"):
            for test, name, value in self._cases(node):
                if test is not None:
                    self._line(f"if {text_of(test)}:{f'  # {name}' if name else ''}")
                    known, self._indent = dict(self._names), self._indent + 1
                    self._return(value)
                    self._names, self._indent = known, self._indent - 1
                else:
                    self._return(value)
        elif isinstance(node, Traced):
            self._lines += laid_out("return ", self._expression(node, named=True), 4 * self._indent)
        elif self.dialect.scalar:
            self._line(f"return {text_of(self.dialect.number(node))}")
        else:
            value = text_of(self.dialect.number(node))
            self._line(f"return {self.dialect.module}.full_like({self.variable}, {value})")

    def _cases(self, node: Traced) -> Iterator[tuple[ast.expr | None, str, Any]]:
        """(test, name, value) of each branch in turn; the last one has no test."""
        if node.op == "where":
            test, then, otherwise = node.args
            yield self._expression(test), "", then
            yield None, "", otherwise
            return
        ticks, branches = node.args
        for branch, following in pairwise(branches):
            start = math.ceil(following.start) if ticks.op == "step" else following.start  # steps are whole
            test = ast.Compare(self._expression(ticks), [ast.Lt()], [self.dialect.number(start)])
            yield test, branch.name, branch.value
        yield None, branches[-1].name, branches[-1].value

    # --- expressions ---------------------------------------------------------------------------------------

    def _expression(self, node: Any, *, whole: bool = True, named: bool = False) -> ast.expr:
        """What stands for a value; one that stands twice, or is long, is given a name first."""
        node = self._repeats.only(node)
        if not isinstance(node, Traced):
            return self.dialect.number(node, whole=whole)
        if node.op == "step":
            return ast.Name(self.variable)
        number = self._repeats.number(node)
        if number in self._names:
            return ast.Name(self._names[number])
        made = self._made(node, named=named)
        if self._repeats.is_repeated(number) and len(text_of(made)) >= WORTH:
            made = self._assign(self._free(), made)
            self._names[number] = made.id
        return made

    def _made(self, node: Traced, *, named: bool) -> ast.expr:
        operation = LOGICAL.get(node.op, node.op)
        if operation in IDENTITIES:
            same = self._unchanged(node)
            if same is not None:
                return self._expression(same)
        if operation == "branch":
            return self._branches(node, named=named)
        if operation in ("take", "searchsorted", "astype", "walk"):
            made: ast.expr = getattr(self, f"_{operation}")(node)
            return made
        if operation == "positive":
            return self._expression(node.args[0])
        arguments = [
            self._operand(one, node, whole=not (operation == "power" and place == 0))
            for place, one in enumerate(node.args)
        ]
        arguments = self._fitting(arguments)
        match operation, arguments:
            case "subtract", [left, ast.UnaryOp(ast.USub(), ast.Constant() as positive)]:
                operation, arguments = "add", [left, positive]
        return self.dialect.apply(operation, arguments)

    def _unchanged(self, node: Traced) -> Any:
        """The operand that an operation leaves as it is; None where it changes it."""
        (left, right), (before, after) = node.args, IDENTITIES[node.op]
        for one, idle, at in ((right, left, before), (left, right, after)):
            is_number = at is not None and not isinstance(idle, Traced) and float(idle) == at
            if is_number and isinstance(one, Traced) and one.dtype == node.dtype:
                return one
        return None

    def _operand(self, one: Any, node: Traced, *, whole: bool) -> ast.expr:
        """An argument; a float32 number with none of the kind beside it keeps its type, or its digits."""
        beside = [other.dtype for other in node.args if isinstance(other, Traced)]
        if self.dialect.is_exact and isinstance(one, np.float32) and np.float32 not in beside:
            if node.dtype == np.float32:
                return self.dialect.call("float32", self.dialect.number(one, whole=whole))
            one = float(one)
        made = self._expression(one, whole=whole)
        truth = isinstance(one, Traced) and one.dtype == np.bool_ and node.dtype != np.bool_
        if truth and self.dialect.module == "ops" and node.op != "where":
            return self.dialect.call("cast", made, ast.Constant("float32"))
        return made

    def _fitting(self, arguments: list[ast.expr]) -> list[ast.expr]:
        """The arguments; where they are too long for a line, the long ones by names of their own."""
        lengths = [len(text_of(one)) for one in arguments]
        if sum(lengths) + 4 * self._indent < WIDTH - 24:
            return arguments
        longest = max(lengths)
        return [
            self._assign(self._free(), one)
            if length > WIDTH // 4
            and (length == longest or length > WIDTH // 3)
            and not isinstance(one, ast.Name)
            else one
            for one, length in zip(arguments, lengths, strict=True)
        ]

    def _branches(self, node: Traced, *, named: bool) -> ast.expr:
        """A value chosen by the tick: each by its name, where it is the last word of the function."""
        cases = list(self._cases(node))
        values: list[ast.expr] = []
        for _, name, value in cases:
            made = self._expression(value)
            if named and isinstance(value, Traced) and not isinstance(made, ast.Name):
                wish = re.sub(r"\W+", "_", name).strip("_").lower()
                made = self._assign(self._free(wish if wish.isidentifier() else "value"), made)
            values.append(made)
        tests = [test for test, _, _ in cases if test is not None]
        if self.dialect.scalar or len(tests) == 1:
            chosen = values[-1]
            for test, value in zip(reversed(tests), reversed(values[:-1]), strict=True):
                chosen = self.dialect.apply("where", [test, value, chosen])
            return chosen
        return self.dialect.call("select", ast.List(tests), ast.List(self._arrays(values[:-1])), values[-1])

    def _arrays(self, values: list[ast.expr]) -> list[ast.expr]:
        """Values among which is chosen; Keras and JAX take no plain numbers there."""
        if self.dialect.is_exact:
            return values
        like = ast.Name(self.variable)
        return [
            self.dialect.call("full_like", like, one) if isinstance(one, (ast.Constant, ast.UnaryOp)) else one
            for one in values
        ]

    # --- tables --------------------------------------------------------------------------------------------

    def _walk(self, node: Traced) -> ast.expr:
        """A value that needs the one before: from a table that is walked to once, its last one behind it."""
        place, first, pairs, last = node.args
        inner = Writer(PYTHON, "step", self.tables, {"lr", "rates"}, 2)
        body = [
            f"    lr = {first!r}",
            "    rates = [lr]",
            f"    for step in range(1, {last + 1}):",
            *inner.steps(pairs),
            "        rates.append(lr)",
            "    return rates",
        ]
        name = self.tables.walked_table(body, self.dialect)
        index = self.dialect.call("minimum", self._expression(place), self.dialect.number(last))
        return self._looked_up(name, self._whole(index))

    def steps(self, pairs: Sequence[tuple[Any, Any]]) -> list[str]:
        """The lines that take the maps lr -> a lr + b one after the other."""
        self._repeats.count(tuple(pairs))
        for factor, shift in pairs:
            a, b = _number_in(factor), _number_in(shift)
            made: ast.expr = ast.Name("lr")
            if a != 1:
                made = ast.BinOp(self._expression(factor), ast.Mult(), made)
            if b != 0:
                made = ast.BinOp(made, ast.Add(), self._expression(shift))
            if a != 1 or b != 0:
                self._assign("lr", made)
        return self._lines

    def _take(self, node: Traced) -> ast.expr:
        table, place = node.args
        index = self._expression(place)
        if place.dtype.kind == "f":
            index = self._whole(index)
        return self._looked_up(self.tables.number_table(table, "LEVELS", self.dialect), index)

    def _looked_up(self, table: ast.Name, index: ast.expr) -> ast.expr:
        if "take" in self.dialect.names:
            return self.dialect.call("take", table, index)
        return ast.Subscript(table, index)

    def _whole(self, made: ast.expr) -> ast.expr:
        """As an int."""
        if self.dialect.scalar:
            return ast.Call(ast.Name("int"), [made], [])
        if self.dialect.module == "ops":
            return self.dialect.call("cast", made, ast.Constant("int32"))
        return ast.Call(ast.Attribute(made, "astype"), [ast.Name("int")], [])

    def _searchsorted(self, node: Traced) -> ast.expr:
        table, place, *side = node.args
        side_name = side[0] if side else "left"
        where = self._expression(place)
        name = self.tables.number_table(table, "PLACES", self.dialect)
        if self.dialect.scalar:
            return ast.Call(ast.Name(f"bisect_{side_name}"), [name, where], [])
        return self.dialect.call("searchsorted", name, where, side=ast.Constant(side_name))

    def _astype(self, node: Traced) -> ast.expr:
        value, kind = node.args
        made = self._expression(value)
        if np.dtype(kind).kind in "iu":
            return self._whole(made)
        if not self.dialect.is_exact:
            return made
        return self.dialect.call(kind, made)


def _number_in(node: Any) -> float | None:
    """The number that a value is, whatever is chosen; None where it is none."""
    if not isinstance(node, Traced):
        return float(node)
    if node.op != "where":
        return None
    then, otherwise = _number_in(node.args[1]), _number_in(node.args[2])
    return then if then == otherwise else None
