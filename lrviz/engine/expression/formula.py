"""A formula of whole ticks that a user wrote: its values and what bounds them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.engine.expression.bounds import enclose
from lrviz.engine.expression.grammar import read
from lrviz.engine.expression.operations import evaluate
from lrviz.engine.expression.transcription import write
from lrviz.engine.expression.tree import ComplexResultError, Node, Number, compute
from lrviz.engine.traced import Traced
from lrviz.errors import ScheduleError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

_BLOCK = 1 << 14  # ticks computed together: what stays in the processor's cache


@dataclass(frozen=True)
class Expression:
    """A formula in whole ticks, such as ``0.95**epoch``; equal to another of the same text and variables.

    Allowed are numbers, the variables, ``+ - * / // % **``, comparisons, ``and``, ``or``, ``not``,
    ``a if test else b``, ``min max abs int float round`` and some functions and numbers of ``math``.
    """

    text: str
    variables: tuple[str, ...]
    _tree: Node = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str, *variables: str) -> Expression:
        """Read a formula; in ``lambda e: 0.95**e`` the names after ``lambda`` replace ``variables``.

        Raises:
            ScheduleError: something in it is not allowed, or a name unknown.

        """
        text = text.strip()
        return cls(text, *read(text, variables))

    def at(self, *values: float) -> float:
        """Value for one value of each variable, as a float.

        Raises:
            ScheduleError: as ``number`` does.

        """
        return float(self._computed(values, float))

    def number(self, *values: float) -> Number:
        """Value for one value of each variable, exactly as Python computes it: an int where that makes one.

        The first variable is a whole tick and an int.

        Raises:
            ScheduleError: Python raises or makes a complex number; ``step`` is the tick.

        """
        return self._computed(values, lambda number: number)

    def _computed(self, values: tuple[float, ...], finish: Callable[[Number], Number]) -> Number:
        numbers = [_number(value) for value in values]
        if numbers and isinstance(numbers[0], float) and numbers[0].is_integer():
            numbers[0] = int(numbers[0])
        names = dict(zip(self.variables, numbers, strict=True))
        try:
            return finish(compute(self._tree, names))
        except (ArithmeticError, ValueError) as error:
            raise self._refusal(error, names) from None

    def __call__(self, ticks: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values at whole ticks below 2**53: those of ``at``, to 1e-14 relative and exactly after a step.

        Raises:
            ScheduleError: ``at`` refuses a tick; ``step`` is the smallest.
            TypeError: the expression has several variables.

        """
        self._require_one_variable()
        traced: Any = ticks
        if isinstance(traced, Traced):
            written: NDArray[np.float64] = write(self._tree, traced)
            return written
        shape, ticks = np.shape(ticks), np.ravel(np.asarray(ticks, dtype=np.float64))
        values, unsettled = np.empty(ticks.shape), np.zeros(ticks.shape, dtype=np.bool_)
        for start in range(0, ticks.size, _BLOCK):
            block = slice(start, start + _BLOCK)
            values[block], unsettled[block] = evaluate(self._tree, ticks[block])
        left = np.flatnonzero(unsettled)
        for index in left[np.argsort(ticks[left])]:
            values[index] = self.at(ticks[index])
        return values.reshape(shape)

    def bounds(
        self, low: NDArray[np.float64], high: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Ends (least, most) containing every value at the whole ticks low[i] … high[i], infinite if unknown.

        Sound, not tight: halve the range to narrow them. Ticks that ``at`` refuses have no value.

        Raises:
            TypeError: the expression has several variables.

        """
        self._require_one_variable()
        return enclose(self._tree, np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64))

    def _require_one_variable(self) -> None:
        if len(self.variables) != 1:
            raise TypeError(f"arrays need an expression in one variable, not {self.variables!r}")

    def _refusal(self, error: Exception, names: Mapping[str, Number]) -> ScheduleError:
        tick, number = next(iter(names.items()), ("", 0))
        place = ", ".join(f"{name} = {value!r}" for name, value in names.items())
        hint = f"give such ticks a value of their own, as in '... if {tick} != {number!r} else 1'"
        if not re.search(rf"\b{tick}\b", self.text):
            hint = "it is the same at every tick: write another number"
        text = f"{self.text!r} has no value at {place}: {_reason(error)}"
        return ScheduleError(text, hint=hint, step=int(number))


def _number(value: float) -> Number:
    return int(value) if isinstance(value, int | np.integer) else float(value)


def _reason(error: Exception) -> str:
    match error:
        case ZeroDivisionError():
            return "division by zero"
        case OverflowError():
            return "a number is too large"
        case ComplexResultError():
            return "a fractional power of a negative number is complex"
        case _:
            return "a function is not defined there"
