"""Formulas read off their own evaluation: ticks that remember what is made of them.

A formula over ticks is called with ``Traced`` ticks in place of an array. Every operation of NumPy on them
makes another ``Traced``, which holds the values and how they were made; so what a formula returns can be
written down elsewhere. What depends on the ticks beforehand (a branch, a table of the cycles there are) is
taken as it is at the ticks at hand, which should be those of the whole run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import DTypeLike, NDArray

MOST_LEVELS = 256
"""A table of more is no formula."""
FEW, LEAST_HELD = 4, 5
"""Levels that a table may have anyway, and the steps that each further one lasts on average."""

KNOWN = {"max", "min", "amax", "amin", "any", "all", "shape", "size", "ndim", "sort"}
KNOWN |= {"ones_like", "zeros_like"}
"""Functions whose result is taken as it is at the ticks at hand."""
WRITTEN = {"where", "searchsorted"}
"""Functions that can be written down, beside the ufuncs."""


class UntraceableError(Exception):
    """A formula that does with its ticks what cannot be written down."""


class Branch(NamedTuple):
    """What holds from a tick on, and what it is called."""

    start: float
    name: str
    value: Any


class Traced(NDArrayOperatorsMixin):
    """Values at some ticks, made by ``op`` of ``args``: numbers, tables, or others of the kind."""

    def __init__(self, value: NDArray[Any], op: str, args: tuple[Any, ...] = ()) -> None:
        self.value = value
        self.op = op
        self.args = args

    @classmethod
    def ticks(cls, ticks: NDArray[np.float64]) -> Traced:
        """The ticks that a formula is to be written for."""
        return cls(ticks, "step")

    shape = property(lambda self: self.value.shape)
    size = property(lambda self: self.value.size)
    ndim = property(lambda self: self.value.ndim)
    dtype = property(lambda self: self.value.dtype)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        """What a ufunc makes of it: a number, where that is one whatever the tick."""
        if method != "__call__" or kwargs:
            raise UntraceableError(f"{ufunc.__name__}.{method}")
        value = ufunc(*(_concrete(one) for one in inputs))
        if not isinstance(value, (np.ndarray, np.generic)):
            raise UntraceableError(ufunc.__name__)
        args = tuple(self.operand(one) for one in inputs)
        if ufunc is np.power and not isinstance(args[0], Traced) and args[0] == 1:
            return value.dtype.type(1)
        undone = _undone(ufunc, args)
        return Traced(np.asarray(value), ufunc.__name__, args) if undone is None else undone

    def __array_function__(
        self, function: Callable[..., Any], types: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> Any:
        """What another function of NumPy makes of it."""
        del types
        name = function.__name__
        if name == "atleast_1d":
            return self
        if name == "clip":
            return np.minimum(np.maximum(args[0], args[1]), args[2])
        if name == "interp":
            return _interpolated(*args)
        if name == "searchsorted" and isinstance(args[1], Traced):
            args = (_up_to(args[1].value.max(), args[0]), *args[1:])
        value = function(*map(_concrete, args), **{key: _concrete(one) for key, one in kwargs.items()})
        if name in KNOWN:
            return value
        if name not in WRITTEN:
            raise UntraceableError(f"numpy.{name}")
        if name == "where":
            return Traced(value, name, tuple(self.operand(one) for one in args))
        return Traced(value, name, (*args, *kwargs.values()))

    def __array__(self, dtype: Any = None, copy: Any = None) -> NDArray[Any]:
        """Refuse to forget how it was made."""
        raise UntraceableError("an array is made of the ticks")

    def __bool__(self) -> bool:
        return bool(self.value)

    def __len__(self) -> int:
        return len(self.value)

    def __getitem__(self, place: Any) -> Traced:
        if isinstance(place, tuple) and place == (..., np.newaxis):
            return Traced(self.value[place], "column", (self,))
        raise UntraceableError("some of the ticks are picked")

    def __setitem__(self, place: Any, value: Any) -> None:
        raise UntraceableError("some of the ticks are set")

    def __iter__(self) -> Any:
        raise UntraceableError("tick by tick")

    def __float__(self) -> float:
        raise UntraceableError("a number is made of the ticks")

    __int__ = __index__ = __float__

    def astype(self, dtype: DTypeLike) -> Traced:
        """Rounded to another type."""
        kind = np.dtype(dtype)
        return self if kind == self.dtype else Traced(self.value.astype(kind), "astype", (self, kind.name))

    def reshape(self, *shape: Any) -> Traced:
        """Ticks have one shape."""
        del shape
        return self

    ravel = reshape

    def max(self) -> Any:
        """The largest at hand."""
        return self.value.max()

    def min(self) -> Any:
        """The smallest at hand."""
        return self.value.min()

    def any(self) -> bool:
        """Whether one at hand is true."""
        return bool(self.value.any())

    def all(self) -> bool:
        """Whether all at hand are true."""
        return bool(self.value.all())

    def look_up(self, table: NDArray[Any]) -> Any:
        """The entries of a table at whole numbers; the number, where only one of them is reached."""
        places = self.value.astype(np.int64)
        first, last = places.min(), places.max()
        if first == last:
            return table[first]
        return Traced(table[places], "take", (table[: last + 1] if first >= 0 else table, self))

    def branch(self, parts: Iterable[tuple[float, str, Callable[[Any], Any]]]) -> Any:
        """Formulas, each of which holds from its start on to the next; those without a tick are left out."""
        found = sorted(parts, key=lambda part: part[0])
        places = np.searchsorted([start for start, _, _ in found[1:]], self.value, side="right")
        made, values = list[Branch](), np.empty(self.shape)
        for place, (start, name, rate) in enumerate(found):
            here = places == place
            if here.any():
                value = self._at(here).apply(rate)
                made.append(Branch(start, name, value))
                values[here] = _concrete(value)
        one = made[0].value
        return (
            one
            if len(made) == 1 and isinstance(one, Traced)
            else Traced(values, "branch", (self, tuple(made)))
        )

    def apply(self, rate: Callable[[Any], Any]) -> Any:
        """What a formula makes of it: written down, or else the levels it has."""
        try:
            value = rate(self)
            return value if isinstance(value, Traced) else self.operand(value)
        except UntraceableError:
            return self._levels(np.asarray(rate(self.value), dtype=np.float64))

    def _at(self, here: NDArray[np.bool_]) -> Traced:
        return Traced(self.value[here], self.op, self.args)

    def _levels(self, values: NDArray[np.float64]) -> Any:
        """A table of the levels, where they are few.

        Raises:
            UntraceableError: they are many.

        """
        changes = np.flatnonzero(values[1:] != values[:-1]) + 1
        if changes.size == 0:
            return float(values[0])
        if changes.size > min(MOST_LEVELS, FEW + self.size // LEAST_HELD) or np.any(np.diff(self.value) <= 0):
            raise UntraceableError(f"{changes.size + 1} levels in {self.size} steps")
        levels = values[np.append(0, changes)]
        number: Any = np.searchsorted(self.value[changes], self, side="right")
        return number.look_up(levels)

    def operand(self, value: Any) -> Any:
        """A number or another of the kind; an array is one number, if it is that everywhere.

        Raises:
            UntraceableError: an array that was made of the ticks and forgot how.

        """
        if not isinstance(value, np.ndarray):
            return value
        first = value.flat[0] if value.size else np.float64(0.0)
        if value.size > 1 and not np.array_equal(value, np.full_like(value, first), equal_nan=True):
            if value.shape[-1:] == self.shape[-1:] or self.ndim == 1:
                raise UntraceableError("an array of its own")
            return value
        return first


def is_traced(value: Any) -> bool:
    """Whether it remembers how it was made."""
    return isinstance(value, Traced)


def look_up(table: NDArray[Any], places: Any) -> Any:
    """The entries of a table at some places, of an array or traced."""
    return places.look_up(table) if isinstance(places, Traced) else table[places]


def cast(value: Any, dtype: DTypeLike) -> Any:
    """A number, an array or what is traced, rounded to a type."""
    return value.astype(dtype) if isinstance(value, Traced) else np.asarray(value, dtype=dtype)


def _undone(ufunc: np.ufunc, args: tuple[Any, ...]) -> Traced | None:
    """The steps from which a whole number was subtracted that is now added again; None where it is not."""
    if ufunc is not np.subtract or not isinstance(args[0], Traced) or args[0].op != "subtract":
        return None
    (steps, shift), back = args[0].args, args[1]
    is_shift = isinstance(steps, Traced) and not isinstance(shift, Traced) and not isinstance(back, Traced)
    return steps if is_shift and steps.op == "step" and shift == -back and float(back).is_integer() else None


def _up_to(most: float, table: Any) -> NDArray[Any]:
    """The entries of an ascending table that are reached."""
    found = np.asarray(table)
    return found[: np.searchsorted(found, most, side="right")]


def _interpolated(x: Traced, places: Any, values: Any) -> Any:
    """Straight lines through points."""
    xs, ys = np.asarray(places, dtype=np.float64), np.asarray(values, dtype=np.float64)
    if xs.size == 1:
        return np.full(x.shape, ys[0])
    within: Any = np.minimum(np.maximum(x, xs[0]), xs[-1])
    piece = np.maximum(np.searchsorted(xs[:-1], within, side="right") - 1, 0)
    return look_up(np.diff(ys) / np.diff(xs), piece) * (within - look_up(xs, piece)) + look_up(ys, piece)


def _concrete(value: Any) -> Any:
    """The values at hand."""
    if isinstance(value, (list, tuple)):
        return type(value)(_concrete(one) for one in value)
    return value.value if isinstance(value, Traced) else value
