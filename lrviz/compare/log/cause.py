"""What went otherwise than planned, in words and numbers: ``here`` is of the plan, ``there`` of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.compare.cause import Cause
from lrviz.notation.numbers import counted, distinct_texts, lr_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class LogCause(Cause):
    """What explains every row that differs; ``at`` is the step of the log from which on, or up to which."""

    __slots__ = ()

    @property
    def text(self) -> str:
        """In words."""
        return TEXTS[self.id](self)


def _peak(cause: Cause) -> str:
    here, there = cause.here or 0.0, cause.there or 0.0
    one, other = distinct_texts(here, there)
    since = "" if cause.at is None else f" from step {cause.at} on"
    return f"another peak{since}: {other}, not {one} (times {lr_text(there / here)})"


def _off_by_one(cause: Cause) -> str:
    by = int(cause.there or 0)
    if by > 0:
        return (
            f"shifted by one: row t has the LR of step {_plus(by)}, as where it is logged after "
            "scheduler.step(), or the scheduler is stepped before the optimizer"
        )
    return f"shifted by one: row t has the LR of step {_plus(by)}, which the writer of such a log does not do"


def _plus(by: int) -> str:
    return f"t {'+' if by > 0 else '-'} {abs(by)}"


def _ahead(cause: Cause) -> str:
    since = "" if cause.at is None else f"from step {cause.at} on "
    return f"{since}{counted(int(cause.there or 0), 'step')} ahead of the plan"


def _late(cause: Cause) -> str:
    since = "" if cause.at is None else f" from step {cause.at} on"
    by = counted(int(cause.there or 0), "update")
    return f"late by {by}{since}: the scheduler stood still, as where fp16 overflows and steps are skipped"


def _speed(cause: Cause) -> str:
    times, since = int(cause.there or 1), "" if cause.at is None else f" from step {cause.at} on"
    return (
        f"{times} times too fast{since}: the scheduler is stepped {times} times in an update, as once per "
        "process or per micro-batch"
    )


def _stairs(cause: Cause) -> str:
    size = int(cause.there or 1)
    return f"once per {size} updates: the scheduler is stepped at every {size}th one, as once per epoch"


def _held(cause: Cause) -> str:
    return f"moves once in {int(cause.there or 1)} updates, to where the plan is then"


def _anew(cause: Cause) -> str:
    return f"restarted at step {cause.at}: the schedule begins anew there"


def _resumed(cause: Cause) -> str:
    there, here, at = int(cause.there or 0), int(cause.here or 0), cause.at
    return (
        f"resumed with another length: {there} steps, not {here}, from step {at} on; the row before still has "
        "the old curve, as a scheduler that stores its LR has for one update"
    )


def _before(cause: Cause) -> str:
    there, here, at = int(cause.there or 0), int(cause.here or 0), cause.at
    return (
        f"resumed with another length: {there} steps, not {here}, up to step {at}, and as planned from there on"
    )


def _floor(cause: Cause) -> str:
    one, other = distinct_texts(cause.here or 0.0, cause.there or 0.0)
    return f"another floor: {other}, not {one}"


def _flat(cause: Cause) -> str:
    since = "" if cause.at is None else f" from step {cause.at} on"
    return f"stands still{since} at {lr_text(cause.there or 0.0)}: the scheduler is not stepped"


def _length(name: str) -> Callable[[Cause], str]:
    def text(cause: Cause) -> str:
        return f"another {name}: {counted(int(cause.there or 0), 'step')}, not {int(cause.here or 0)}"

    return text


TEXTS: Mapping[str, Callable[[Cause], str]] = {
    "peak": _peak,
    "floor": _floor,
    "shift": _off_by_one,
    "ahead": _ahead,
    "late": _late,
    "speed": _speed,
    "stairs": _stairs,
    "held": _held,
    "anew": _anew,
    "resumed": _resumed,
    "before": _before,
    "flat": _flat,
    "warmup": _length("warmup"),
    "total": _length("total"),
}
