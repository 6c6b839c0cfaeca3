"""How long a warmup of OLMo-core is, and its straight line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lrviz.catalogue.roles import Factor, Total, Warmup
from lrviz.errors import ScheduleError
from lrviz.schedules.shapes.ramps import rise

if TYPE_CHECKING:
    from lrviz.engine.timeline import Phase

STARTER = {"warmup_fraction|warmup": "0"}


def steps_of(name: str, T: float, steps: float | None, fraction: float | None) -> float:
    """So many steps, or that fraction of T in whole steps.

    Raises:
        ScheduleError: not exactly one of the two is given; a fraction outside [0, 1].

    """
    if (steps is None) == (fraction is None):
        raise ScheduleError(
            f"exactly one of {name} and {name}_fraction must be given",
            hint=f"<{name}=100>" if steps is None else f"<{name}_fraction=none>",
        )
    if fraction is None:
        return steps or 0.0
    if not 0 <= fraction <= 1:
        raise ScheduleError(
            f"{name}_fraction must be between 0 and 1, got {fraction!r}", hint=f"<{name}_fraction=0.1>"
        )
    return round(T * fraction)


def check_below(name: str, low: float, top: float) -> None:
    """Refuse an LR from which, or to which, no straight line of the LR falls.

    Raises:
        ScheduleError: it is not between 0 and ``top``.

    """
    if not 0 <= low < top:
        raise ScheduleError(
            f"{name} must be 0 or more and below the LR {top!r}, got {low!r}", hint=f"<{name}=0>"
        )


def warmup_phases(top: float, W: float, first: float) -> tuple[Phase, ...]:
    """The straight line from ``first`` to ``top``, if there is one.

    Raises:
        ScheduleError: it would not start between 0 and ``top``.

    """
    if W > 0:
        check_below("warmup_min_lr", first, top)
    return rise(first, top, W)


@dataclass(frozen=True)
class Timed:
    """How long a run is, and its warmup, in steps or as a fraction of that."""

    t_max: Total
    warmup: Warmup | None = None
    warmup_fraction: Factor | None = None

    @property
    def W(self) -> float:
        """The steps of the warmup."""
        return steps_of("warmup", self.t_max, self.warmup, self.warmup_fraction)
