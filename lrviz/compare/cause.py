"""Why two curves differ, in words and numbers: what is of the second and not of the first."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lrviz.notation.numbers import counted, distinct_texts, lr_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


SAME_FLOOR = 1e-3
"""Two curves have one floor if what they come down to is this near."""


class Cause(NamedTuple):
    """What explains every step that differs: ``here`` is of the first curve, ``there`` of the second.

    ``at`` is the step from which on it does, where that is not the first. From ``least`` to ``most`` are the
    numbers that would do as well as ``there``, where the values are not known well enough to tell. ``name``
    is the parameter that they are of. ``beside`` are those that explain every step only together with it.
    ``words`` stand for ``here`` and ``there`` where these are no numbers.
    """

    id: str
    here: float | None = None
    there: float | None = None
    at: int | None = None
    least: float | None = None
    most: float | None = None
    name: str = ""
    beside: tuple[Cause, ...] = ()
    words: tuple[str, ...] = ()

    def reversed(self) -> Cause:
        """The cause for the first curve beside the second."""
        return self._replace(here=self.there, there=self.here, words=self.words[::-1])

    @property
    def text(self) -> str:
        """In words."""
        return TEXTS[self.id](self)


def _rounding(_: Cause) -> str:
    return "rounding: no step differs by more than 1e-6 of the peak, as where one is computed in float32"


def another(what: str, cause: Cause) -> str:
    """Another LR than that of the first."""
    one, other = distinct_texts(cause.here or 0.0, cause.there or 0.0)
    return f"another {what}: {other}, not {one}"


def another_peak(cause: Cause, since: str = "") -> str:
    """Another peak, and how many times as high."""
    _, times = distinct_texts(1.0, (cause.there or 0.0) / (cause.here or 0.0))
    return f"{another(f'peak{since}', cause)} (times {times})"


def _floor(cause: Cause) -> str:
    here, there = cause.here or 0.0, cause.there or 0.0
    if math.isclose(here, there, rel_tol=SAME_FLOOR):
        return f"the same floor, {lr_text(there)}"
    return another("floor", cause)


def _flat(cause: Cause) -> str:
    which, value = _said(cause)
    return f"{which} stays at {lr_text(value)} there"


def _shift(cause: Cause) -> str:
    by = int((cause.there or 0) - (cause.here or 0))
    return f"shifted: the second comes {counted(abs(by), 'step')} {'later' if by > 0 else 'earlier'}"


def _speed(cause: Cause) -> str:
    speed = Fraction(int(cause.there or 1), int(cause.here or 1))
    if speed > 1:
        return f"the second is {speed} times as fast: its step t is step {speed} t of the first"
    return f"the second is stretched by {1 / speed}: its step {1 / speed} t is step t of the first"


def _stairs(cause: Cause) -> str:
    which, size = _said(cause)
    return f"{which} moves once in {int(size)} steps, as the other does in one"


def _held(cause: Cause) -> str:
    which, size = _said(cause)
    return f"{which} moves once in {int(size)} steps, to where the other is then"


def _anew(cause: Cause) -> str:
    which, step = _said(cause)
    return f"{which} begins anew at step {int(step)}"


def _late(cause: Cause) -> str:
    which, by = _said(cause)
    steps = counted(int(by), "step")
    return f"{which} stands still for {steps} at step {cause.at}, and is that late from there on"


def _length(name: str) -> Callable[[Cause], str]:
    def text(cause: Cause) -> str:
        return f"another {name}: {counted(int(cause.there or 0), 'step')}, not {int(cause.here or 0)}"

    return text


def _said(cause: Cause) -> tuple[str, float]:
    """The curve of which it is said, and the number."""
    return ("the first", cause.here or 0.0) if cause.there is None else ("the second", cause.there)


TEXTS: Mapping[str, Callable[[Cause], str]] = {
    "rounding": _rounding,
    "peak": another_peak,
    "floor": _floor,
    "start": partial(another, "start"),
    "flat": _flat,
    "shift": _shift,
    "speed": _speed,
    "stairs": _stairs,
    "held": _held,
    "anew": _anew,
    "late": _late,
    "warmup": _length("warmup"),
    "total": _length("total"),
}
