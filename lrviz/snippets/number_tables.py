"""What the functions of a snippet look things up in: lists of numbers, and values walked to once."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.snippets.pretty import laid_out, text_of

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from lrviz.snippets.dialect import Dialect


@dataclass
class Tables:
    """Tables by their names, and the functions that walk to some of them."""

    listed: dict[str, ast.expr] = field(default_factory=dict)
    walks: dict[str, tuple[list[str], ast.expr]] = field(default_factory=dict)

    def number_table(self, values: Any, wish: str, dialect: Dialect) -> ast.Name:
        """The table of these numbers; the same numbers have one."""
        numbers = ast.List([dialect.number(one, whole=False) for one in np.asarray(values).ravel()])
        made = _array(numbers, dialect)
        known = next((name for name, one in self.listed.items() if text_of(one) == text_of(made)), None)
        name = known or free_name(wish, self.listed)
        self.listed[name] = made
        return ast.Name(name)

    def walked_table(self, body: Sequence[str], dialect: Dialect) -> ast.Name:
        """The table that a function with this body returns."""
        known = next((name for name, (one, _) in self.walks.items() if one[2:] == list(body)), None)
        if known is None:
            known, function = free_name("RATES", self.walks), f"walked{len(self.walks) or ''}"
            text = '    """The LR of every update, each of which needs the one before."""'
            made = _array(ast.Call(ast.Name(function), [], []), dialect)
            self.walks[known] = ([f"def {function}():", text, *body], made)
        return ast.Name(known)

    @property
    def lines(self) -> list[str]:
        """The tables, below the functions that they need."""
        found = [line for name, made in self.listed.items() for line in laid_out(f"{name} = ", made)]
        for name, (function, made) in self.walks.items():
            found += [*(["", ""] if found else [""]), *function, "", "", *laid_out(f"{name} = ", made)]
        return found


def _array(made: ast.expr, dialect: Dialect) -> ast.expr:
    return ast.Call(ast.Name(dialect.table), [made], []) if dialect.table else made


def free_name(wish: str, taken: Container[str]) -> str:
    """A name that is not taken."""
    return next(name for i in count(1) if (name := wish if i == 1 else f"{wish}_{i}") not in taken)
