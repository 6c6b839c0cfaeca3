"""What went otherwise than planned, in words and numbers: ``here`` is of the plan, ``there`` of the log."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from lrviz.compare.cause import Cause, another, another_peak
from lrviz.notation.numbers import counted, distinct_texts, lr_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class LogCause(Cause):
    """What explains every row that differs; ``at`` is the step of the plan from which on, or up to which."""

    __slots__ = ()

    @property
    def text(self) -> str:
        """In words, with the numbers that would do as well, and what it explains every row together with."""
        text = TEXTS[self.id](self)
        if self.least is not None and self.most not in {None, math.inf}:
            text += f" (any number from {self.least:.0f} to {self.most:.0f} would do)"
        return "; ".join([text, *(one.text for one in self.beside)])


def _or_more(cause: Cause) -> str:
    """Where nothing tells how much more it may be."""
    return " or more" if cause.most == math.inf else ""


def _since(cause: Cause) -> str:
    """From where on, unless it is everywhere."""
    return "" if cause.at is None else f" from step {cause.at} on"


def _peak(cause: Cause) -> str:
    return another_peak(cause, _since(cause))


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
    return f"{_since(cause)} {counted(int(cause.there or 0), 'step')} ahead of the plan".lstrip()


def _behind(cause: Cause) -> str:
    back = f"set back by {counted(int(cause.there or 0), 'update')}{_since(cause)}"
    before = "" if cause.at else " before its first row, as after skipped updates, or"
    return f"{back}{before or ','} as after a resume with an older state of the scheduler"


def _late(cause: Cause) -> str:
    late = f"late by {counted(int(cause.there or 0), 'update')}{_since(cause)}"
    if cause.here:  # it was late before, and why is said there
        return late
    return f"{late}: the scheduler stood still, as where fp16 overflows and steps are skipped"


def _speed(cause: Cause) -> str:
    times = int(cause.there or 1)
    return (
        f"{times} times too fast{_since(cause)}: the scheduler is stepped {times} times in an update, "
        "as once per process or per micro-batch"
    )


def _epochs(cause: Cause) -> str:
    return f"its rows count epochs, and the plan steps: {counted(int(cause.there or 1), 'step')} in an epoch"


def _stairs(cause: Cause) -> str:
    size = int(cause.there or 1)
    return (
        f"once per {size}{_or_more(cause)} updates: the scheduler is stepped at one in {size}"
        f"{_or_more(cause)}, as once per epoch, or where "
        "rows count micro-batches"
    )


def _every(cause: Cause) -> str:
    here, there = int(cause.here or 1), int(cause.there or 1)
    if there == 1:
        return f"stepped at every update, not once in {here}, as once per epoch"
    return f"stepped once in {there} updates, not in {here}, as where an epoch has so many"


def _word(cause: Cause) -> str:
    here, there = cause.words
    return f"another {cause.name}: {there}, not {here}"


def _held(cause: Cause) -> str:
    updates = int(cause.there or 1)
    return f"moves once in {updates} updates, to where the plan is then, as where its numbers count epochs"


def _anew(cause: Cause) -> str:
    return f"restarted at step {cause.at}: the schedule begins anew there"


def _resumed(cause: Cause) -> str:
    return (
        f"resumed with another length: {_lengths(cause)}, from step {cause.at} on; up to there the old "
        "curve, which a scheduler that stores its LR has for one update more"
    )


def _before(cause: Cause) -> str:
    return (
        f"resumed with another length: {_lengths(cause)}, up to step {cause.at}, where a scheduler that "
        "stores its LR has it for one update more; as planned from there on"
    )


def _lengths(cause: Cause) -> str:
    return f"{counted(int(cause.there or 0), 'step')}{_or_more(cause)}, not {int(cause.here or 0)}"


def _parameter(cause: Cause) -> str:
    since = _since(cause)
    here, there = cause.here or 0.0, cause.there or 0.0
    is_whole = here == int(here) and there == int(there)
    one, other = (f"{here:.0f}", f"{there:.0f}") if is_whole else distinct_texts(here, there)
    resumed = f"{since}, as after a resume" if since else ""
    return f"another {cause.name}{resumed}: {other}{_or_more(cause)}, not {one}"


def _flat(cause: Cause) -> str:
    return f"stands still{_since(cause)} at {lr_text(cause.there or 0.0)}: the scheduler is not stepped"


def _not_finite(cause: Cause) -> str:
    rows = int(cause.there or 1)
    return f"{counted(rows, 'row')} nan or infinite, the first at step {cause.at}"


def _length(name: str) -> Callable[[Cause], str]:
    def text(cause: Cause) -> str:
        since = _since(cause)
        return f"another {name}{since}{', as after a resume' if since else ''}: {_lengths(cause)}"

    return text


TEXTS: Mapping[str, Callable[[Cause], str]] = {
    "peak": _peak,
    "floor": partial(another, "floor"),
    "parameter": _parameter,
    "shift": _off_by_one,
    "ahead": _ahead,
    "behind": _behind,
    "late": _late,
    "speed": _speed,
    "epochs": _epochs,
    "stairs": _stairs,
    "held": _held,
    "every": _every,
    "word": _word,
    "anew": _anew,
    "resumed": _resumed,
    "before": _before,
    "flat": _flat,
    "not_finite": _not_finite,
    "warmup": _length("warmup"),
    "total": _length("total"),
}
