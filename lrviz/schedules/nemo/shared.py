"""What NeMo's schedulers have in common: a stretch in steps or as a ratio, a warmup, an LR after the end."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lrviz.engine.timeline import Phase, Timeline, constant
from lrviz.errors import ScheduleError

if TYPE_CHECKING:
    from lrviz.catalogue.group import Group


def stretch(name: str, steps: float | None, ratio: float | None, total: float | None) -> float:
    """The steps, or the whole part of a share of the run, or none.

    Raises:
        ScheduleError: both are given, or a share of no run.

    """
    if steps is not None and ratio is not None:
        raise ScheduleError(
            f"only one of {name}_steps and {name}_ratio may be given", hint="drop one of the two"
        )
    if ratio is None:
        return 0 if steps is None else steps
    if total is None:
        raise ScheduleError(f"{name}_ratio needs max_steps", hint="give <steps=1000>, or <max_steps=1000>")
    return int(ratio * total)


def first_after(tick: float) -> int:
    """The first update past one that a stretch still has."""
    return max(0, math.floor(tick) + 1)


def behind_warmup(W: float) -> int:
    """The first update after the warmup, which has update W too."""
    return first_after(W) if W > 0 else 0


def ramp(lr: float, W: float) -> tuple[Phase, ...]:
    """``lr`` (t + 1) / (W + 1) up to t = W."""
    return (Phase("warmup", 0.0, lambda t: lr * ((t + 1.0) / (W + 1.0))),) if W > 0 else ()


def annealed(
    before: tuple[Phase, ...],
    middle: Phase,
    T: float,
    least: float,
    *,
    end: float = math.inf,
    why: str = "",
) -> Timeline:
    """What comes before, the middle up to T, then the lowest LR; ``end`` counts within the middle only."""
    stop = max(middle.start, first_after(T))
    end = max(end, middle.start)
    middles = (middle,) if middle.start < stop else ()
    after = constant(least, kind="hold", label="after the end", start=stop)
    return Timeline((*before, *middles, after), *((end, why) if end < stop else ()))


def zero(divisor: float, **params: float) -> tuple[float, str]:
    """Where a middle divides by zero, and what is said there."""
    said = ", ".join(f"{name}={value}" for name, value in params.items())
    return (-math.inf if divisor == 0 else math.inf), f"division by zero ({said})"


def lowest(group: Group) -> float:
    """The smallest LR of all param groups, by which NeMo refuses a min_lr."""
    return min(group.lrs)
