"""How the value of a key is read: the same from a word, an option, a config and a call from Python."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lrviz.errors import LrvizError, SpecError
from lrviz.notation.durations import Duration, Leaving, parse_count, parse_duration, parse_of_rest
from lrviz.notation.numbers import is_huge, is_number
from lrviz.notation.rendering import shown
from lrviz.plan.budget_keys import checked, too_large
from lrviz.resolve.key import Unfit

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.notation.pace import Pace, Piece
    from lrviz.notation.spec import Value
    from lrviz.resolve.key import Key, Reader

MOST_PIECES = 1000
"""Of a pace."""


def number(fits: Callable[[float], bool]) -> Reader:
    """A number that fits."""

    def read(_: Key, value: Value) -> Any:
        if not is_number(value) or not fits(value):
            raise Unfit
        return value

    return read


def one_or_several(read_one: Reader) -> Reader:
    """One value, or a list with one for each param group."""

    def read(key: Key, value: Value) -> Any:
        if not isinstance(value, tuple):
            return read_one(key, value)
        if not value:
            raise Unfit
        return tuple(read_one(key, one) for one in value)

    return read


def percent_or(read_other: Reader) -> Reader:
    """A percent up to 100%, or what another reader takes."""

    def read(key: Key, value: Value) -> Any:
        if not (isinstance(value, str) and value.endswith("%")):
            return read_other(key, value)
        found = duration(key, value)
        if found.amount > 1:
            raise Unfit
        return found

    return read


def text(_: Key, value: Value) -> str:
    """Text.

    Raises:
        Unfit: it is something else.

    """
    if not isinstance(value, str):
        raise Unfit
    return value


def label(_: Key, value: Value) -> str:
    """Text that can be seen; a number is none, since only as text it stays as it is typed.

    Raises:
        Unfit: it is something else, or blank.
        SpecError: it is a number, true or false.

    """
    if isinstance(value, (bool, int, float)):
        raise SpecError(f"label must be text, got {shown(value)}", hint=f"<label={shown(value)}>")
    if not isinstance(value, str) or not value.strip():
        raise Unfit
    return value


def texts(key: Key, value: Value) -> tuple[str, ...]:
    """One text or several, as a list.

    Raises:
        Unfit: it is something else, or none.

    """
    if value == ():
        raise Unfit
    return tuple(text(key, one) for one in (value if isinstance(value, tuple) else (value,)))


def switch(_: Key, value: Value) -> bool:
    """True or false.

    Raises:
        Unfit: it is something else.

    """
    if not isinstance(value, bool):
        raise Unfit
    return value


def word(key: Key, value: Value) -> str:
    """One of the key's few words.

    Raises:
        Unfit: it is something else.

    """
    if value not in key.choices:
        raise Unfit
    return str(value)


def word_or_count(key: Key, value: Value) -> str | int:
    """One of the key's few words, or a whole number above 0.

    Raises:
        Unfit: it is something else.

    """
    if value in key.choices:
        return str(value)
    try:
        return count(key, value)
    except LrvizError:
        raise Unfit from None


def count(key: Key, value: Value) -> int:
    """A whole number above 0, which a plan can hold.

    Raises:
        LrvizError: it is something else.

    """
    typed = _scalar(value)
    if isinstance(typed, str) and is_huge(typed):
        raise too_large(key.name, typed)
    found: int = checked(key.name, parse_count(typed, what=key.name), (int,))
    return found


def count_up_to(most: int) -> Reader:
    """A whole number above 0 and at most ``most``."""

    def read(key: Key, value: Value) -> int:
        found = count(key, value)
        if found > most:
            raise Unfit
        return found

    return read


def decimal(key: Key, value: Value) -> int | float:
    """A number above 0; what is typed as a count is one.

    Raises:
        Unfit: it is no number.
        PlanError: it is not positive, or beyond 2**53.

    """
    if not isinstance(value, float):
        try:
            return count(key, value)
        except SpecError:
            raise Unfit from None
    found: int | float = checked(key.name, value, (float,))
    return found


def natural(key: Key, value: Value) -> int:
    """A whole number from 0 on, which a plan can hold.

    Raises:
        Unfit: it is something else.

    """
    if value in {0, "0"} and not isinstance(value, bool):
        return 0
    try:
        return count(key, value)
    except LrvizError:
        raise Unfit from None


def pace(key: Key, value: Value) -> Pace:
    """Pieces ``NxK``, of which the last may leave out its steps.

    Raises:
        Unfit: it is something else, or has too many pieces.

    """
    from lrviz.notation.pace import Pace

    items = value if isinstance(value, tuple) else (value,)
    if not 0 < len(items) <= MOST_PIECES:
        raise Unfit
    try:
        pieces = tuple(_piece(key, item) for item in items)
    except LrvizError:
        raise Unfit from None
    if any(piece.steps is None for piece in pieces[:-1]):
        raise Unfit
    return Pace(pieces)


def _piece(key: Key, value: Value) -> Piece:
    from lrviz.notation.pace import Piece

    steps, times, ticks = value.partition("x") if isinstance(value, str) else ("", "", value)
    return Piece(count(key, steps) if times else None, count(key, ticks if times else value))


def duration(key: Key, value: Value) -> Duration:
    """A duration.

    Raises:
        LrvizError: it is something else.

    """
    return parse_duration(_scalar(value), what=key.name)


def length(key: Key, value: Value) -> Duration:
    """A duration, or a share of the rest of the run.

    Raises:
        LrvizError: it is something else.

    """
    typed = _scalar(value)
    return parse_of_rest(str(typed), what=key.name) or parse_duration(typed, what=key.name)


def branch(key: Key, value: Value) -> Leaving:
    """The label of a curve and a step of it.

    Raises:
        LrvizError: it is something else.

    """
    label, at, step = value.rpartition("@") if isinstance(value, str) else ("", "", "")
    if not (label.strip() and at and step.strip()):
        raise Unfit
    return Leaving(label.strip(), parse_duration(step, what=key.name))


def share(_: Key, value: Value) -> Duration:
    """A share of the run, from 0 on and below 1.

    Raises:
        Unfit: it is something else.

    """
    if not is_number(value) or not 0 <= value < 1:
        raise Unfit
    return Duration(Fraction(str(value)), "fraction", str(value))


def metric(_: Key, value: Value) -> Value:
    """A metric to be made up: its kind, or a call with parameters of that kind.

    Raises:
        SpecError: an unknown kind or parameter, or a parameter's value of the wrong type.

    """
    from lrviz.resolve.synthetic import metric_of  # it computes with numpy, and a plan does not

    metric_of(value)
    return value


def _scalar(value: Value) -> str | float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise Unfit
    return value
