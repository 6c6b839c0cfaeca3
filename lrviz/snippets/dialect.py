"""What the operations of a formula are called in Python alone, and in libraries of arrays."""

from __future__ import annotations

import ast
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lrviz.engine.traced import UntraceableError

if TYPE_CHECKING:
    from collections.abc import Mapping

BINARY: Mapping[str, ast.operator] = {
    "add": ast.Add(),
    "subtract": ast.Sub(),
    "multiply": ast.Mult(),
    "divide": ast.Div(),
    "floor_divide": ast.FloorDiv(),
    "remainder": ast.Mod(),
    "power": ast.Pow(),
    "bitwise_and": ast.BitAnd(),
    "bitwise_or": ast.BitOr(),
}
COMPARED: Mapping[str, ast.cmpop] = {
    "less": ast.Lt(),
    "less_equal": ast.LtE(),
    "greater": ast.Gt(),
    "greater_equal": ast.GtE(),
    "equal": ast.Eq(),
    "not_equal": ast.NotEq(),
}
UNARY: Mapping[str, ast.unaryop] = {"negative": ast.USub(), "invert": ast.Invert()}
TRUTHS: Mapping[str, ast.boolop] = {"bitwise_and": ast.And(), "bitwise_or": ast.Or()}
LOGICAL = {"logical_and": "bitwise_and", "logical_or": "bitwise_or", "logical_not": "invert"}
"""Ufuncs of truths, by the operators that say the same of them."""
IDENTITIES: Mapping[str, tuple[float | None, float | None]] = {
    "add": (0.0, 0.0),
    "subtract": (None, 0.0),
    "multiply": (1.0, 1.0),
    "divide": (None, 1.0),
    "power": (None, 1.0),
}
"""Left and right operands that change nothing."""
NAMES = {"absolute": "abs", "fmin": "minimum", "fmax": "maximum", "rint": "round"}
"""Where a ufunc is called otherwise than its function."""
WRITTEN_LONGEST = 10**15
"""Whole numbers below stand without a fraction."""


NOISE = 1e-14
"""Share of a number that rounding may have put to it."""


@dataclass(frozen=True)
class Dialect:
    """The language that a formula is written in.

    ``module`` has its functions, ``names`` those called otherwise; ``table`` makes a table of a list.
    ``scalar``: it computes one step at a time, so that tests are Python's own. ``is_exact``: it rounds as the
    schedule does, to float32 where that does.
    """

    module: str
    imports: tuple[str, ...]
    table: str = ""
    scalar: bool = False
    is_exact: bool = False
    names: Mapping[str, str] = field(default_factory=dict)

    def function(self, name: str) -> str | None:
        """What a function of NumPy's is called; None where there is none."""
        name = NAMES.get(name, name)
        if name in self.names:
            return self.names[name]
        return None if self.scalar and not hasattr(math, name) else f"{self.module}.{name}"

    def number(self, value: Any, *, whole: bool = True) -> ast.expr:
        """A constant; a ``whole`` one may stand as an int."""
        number = value.item() if hasattr(value, "item") else value
        if isinstance(number, bool):
            return ast.Constant(number)
        if hasattr(value, "dtype") and value.dtype == "float32":
            number = float(str(value))  # what rounds to it
        if not self.is_exact and not self.scalar:
            number = _without_noise(number)
        if math.copysign(1.0, number) < 0:
            return ast.UnaryOp(ast.USub(), self.number(-number, whole=whole))
        if number in (math.pi, math.inf) or math.isnan(number):
            name = "pi" if number == math.pi else "inf" if number == math.inf else "nan"
            return ast.Name(f"{'math' if self.module == 'ops' else self.module}.{name}")
        if whole and number < WRITTEN_LONGEST and number == int(number):
            number = int(number)
        return ast.Constant(number)

    def call(self, name: str, *arguments: ast.expr, **keywords: ast.expr) -> ast.expr:
        """The call of a function.

        Raises:
            UntraceableError: there is none of that name.

        """
        function = self.function(name)
        if function is None:
            raise UntraceableError(f"{self.module} has no {name}")
        named = [ast.keyword(key, one) for key, one in keywords.items()]
        return ast.Call(ast.Name(function), list(arguments), named)

    def apply(self, operation: str, arguments: list[ast.expr]) -> ast.expr:
        """An operation of its arguments: an operator where there is one for it."""
        if self.scalar and operation in TRUTHS:
            return ast.BoolOp(TRUTHS[operation], arguments)
        if self.scalar and operation == "where":
            return ast.IfExp(*arguments)
        if operation in BINARY:
            return ast.BinOp(arguments[0], BINARY[operation], arguments[1])
        if operation in COMPARED:
            return ast.Compare(arguments[0], [COMPARED[operation]], [arguments[1]])
        if operation in UNARY:
            is_truth = self.scalar and operation == "invert"
            return ast.UnaryOp(ast.Not() if is_truth else UNARY[operation], arguments[0])
        return self.call(operation, *arguments)


def _without_noise(number: float) -> float:
    """The short number that one is but for the rounding of a float64: no other one in float32."""
    short = float(f"{number:.9g}") if math.isfinite(number) else number
    return short if abs(short - number) <= NOISE * abs(number) else number


PYTHON = Dialect(
    "math",
    ("import math",),
    scalar=True,
    names={"abs": "abs", "maximum": "max", "minimum": "min", "round": "round"},
)
NUMPY = Dialect("np", ("import numpy as np",), table="np.array", is_exact=True)
JAX = Dialect("jnp", ("import jax.numpy as jnp",), table="jnp.array")
KERAS = Dialect("ops", ("from keras import ops",), table="ops.array", names={"take": "ops.take"})
