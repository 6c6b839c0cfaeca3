"""Sums of whole numbers, ``$((A > 2 ? A / 2 : 1))``, as a shell computes them."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LONGEST = 200
_LARGEST = 1 << 63
_TOKEN = re.compile(r"0|[1-9]\d*|\*\*|<<|>>|[<>=!]=|&&|\|\||[-+*/%()<>!~&^|?:]")
_CHANGES = re.compile(r"\+\+|--")
"""What sets a variable."""


class _Binary(NamedTuple):
    level: int
    compute: Callable[[int, int], int]


def _divide(one: int, other: int) -> int:
    return abs(one) // abs(other) * (1 if (one < 0) == (other < 0) else -1)


def _power(base: int, exponent: int) -> int:
    if not 0 <= exponent < _LARGEST.bit_length():
        raise ValueError(exponent)
    return int(base**exponent)


_BINARY: Mapping[str, _Binary] = {
    "||": _Binary(0, lambda a, b: bool(a) or bool(b)),
    "&&": _Binary(1, lambda a, b: bool(a) and bool(b)),
    "|": _Binary(2, operator.or_),
    "^": _Binary(3, operator.xor),
    "&": _Binary(4, operator.and_),
    "==": _Binary(5, operator.eq),
    "!=": _Binary(5, operator.ne),
    "<": _Binary(6, operator.lt),
    "<=": _Binary(6, operator.le),
    ">": _Binary(6, operator.gt),
    ">=": _Binary(6, operator.ge),
    "<<": _Binary(7, lambda a, b: a * _power(2, b)),
    ">>": _Binary(7, lambda a, b: a // _power(2, b)),
    "+": _Binary(8, operator.add),
    "-": _Binary(8, operator.sub),
    "*": _Binary(9, operator.mul),
    "/": _Binary(9, _divide),
    "%": _Binary(9, lambda a, b: a - b * _divide(a, b)),
    "**": _Binary(10, _power),
}
_UNARY: Mapping[str, Callable[[int], int]] = {
    "-": operator.neg,
    "+": operator.pos,
    "~": operator.invert,
    "!": operator.not_,
}


def whole_number(expression: str) -> int | None:
    """The value of a sum; None where it sets a variable, or is none."""
    tokens = _TOKEN.findall(expression)
    is_whole = "".join(tokens) == "".join(expression.split())
    if len(expression) > _LONGEST or not is_whole or _CHANGES.search(expression):
        return None
    reader = _Reader(tokens)
    try:
        result = reader.choice()
    except (IndexError, ValueError, ZeroDivisionError):
        return None
    return None if reader.tokens else result


@dataclass
class _Reader:
    """The tokens that are left."""

    tokens: list[str]

    def choice(self) -> int:
        test = self._binary(0)
        if self.tokens[:1] != ["?"]:
            return test
        self.tokens.pop(0)
        chosen = self.choice()
        self._skip(":")
        other = self.choice()
        return chosen if test else other

    def _binary(self, least: int) -> int:
        value = self._unary()
        while self.tokens and (found := _BINARY.get(self.tokens[0])) and found.level >= least:
            is_power = self.tokens.pop(0) == "**"  # of several the last is computed first
            value = int(found.compute(value, self._binary(found.level + (not is_power))))
            if abs(value) >= _LARGEST:
                raise ValueError(value)
        return value

    def _unary(self) -> int:
        first = self.tokens.pop(0)
        if first in _UNARY:
            return int(_UNARY[first](self._unary()))
        if first != "(":
            return int(first)
        value = self.choice()
        self._skip(")")
        return value

    def _skip(self, expected: str) -> None:
        if self.tokens.pop(0) != expected:
            raise ValueError(expected)
