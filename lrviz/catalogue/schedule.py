"""A schedule made definite, which can be asked for any step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lrviz.catalogue.arguments import check_numbers
from lrviz.engine.timeline import LARGEST_TICK, Rates, Timeline
from lrviz.errors import ScheduleError, expect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

    from lrviz.engine.facts import Facts


MOST_PHASES = 6
"""More phases than this are counted, not named."""


@dataclass(frozen=True, eq=False, repr=False)
class Schedule:
    """A schedule made definite: one timeline for each quantity of each param group."""

    id: str
    groups: tuple[Mapping[str, Timeline], ...]
    several: bool = False  # the LR was given as a list, so there is a row for each group
    looked_at: frozenset[str] = frozenset()  # what of the optimizer, beside its LR

    def __repr__(self) -> str:
        """What it moves, and its phases."""
        groups = f" of {len(self.groups)} param groups" if self.several else ""
        phases = ", ".join(f"{name} from {start:g}" for name, start in self.phases[:MOST_PHASES])
        more = f" and {len(self.phases) - MOST_PHASES} more" if len(self.phases) > MOST_PHASES else ""
        return f"<Schedule {self.id}: {', '.join(self.quantities)}{groups}\n {phases}{more}>"

    def __call__(self, steps: ArrayLike, quantity: str = "lr") -> Rates:
        """The values at ``steps``: a float64 array of their shape, one row per group if lr was a list.

        Raises:
            ScheduleError: the framework stops before one of the steps, and ``step`` says where; or a step is
                negative, fractional or beyond 2**53.
            ArgumentError: a step is no number.

        """
        ticks = _whole(steps)
        rows = _rows([timelines[quantity] for timelines in self.timelines(quantity)], ticks)
        return np.stack(rows) if self.several else rows[0]

    def timelines(self, quantity: str) -> tuple[Mapping[str, Timeline], ...]:
        """The groups, once it is sure that they have ``quantity``."""
        expect(quantity, str, "a quantity is called by its name", hint='quantity="lr"')
        if quantity not in self.quantities:
            raise ScheduleError(
                f"{self.id} does not move {quantity!r}", hint=f"it moves {', '.join(self.quantities)}"
            )
        return self.groups

    @property
    def quantities(self) -> tuple[str, ...]:
        """What the schedule moves: ``lr`` and maybe ``momentum`` or others."""
        return tuple(self.groups[0])

    @property
    def length(self) -> float | None:
        """How many ticks the framework itself says it has."""
        return self.groups[0]["lr"].length

    @property
    def phases(self) -> tuple[tuple[str, float], ...]:
        """(name, start) of each phase of the first group's LR, in its own ticks."""
        return tuple((phase.name, phase.start) for phase in self.groups[0]["lr"].phases)

    def facts(self, n: int, quantity: str = "lr", group: int = 0) -> Facts:
        """What can be said of a run of ``n`` steps.

        Raises:
            ScheduleError: the framework refuses step 0, or there is no such run or group.
            ArgumentError: ``n`` or ``group`` is no whole number.

        """
        from lrviz.engine.facts import facts

        expect(n, (int, np.integer), "a run has a whole number of steps", hint="facts(1000)")
        expect(group, (int, np.integer), "a group is called by its number", hint="group=0")
        groups = self.timelines(quantity)
        if not 1 <= n <= LARGEST_TICK:
            raise ScheduleError(f"a run has from 1 to 2**53 steps, not {n}", hint="facts(1000)")
        if not 0 <= group < len(groups):
            raise ScheduleError(f"no group {group}: there are {len(groups)}", hint=f"group={len(groups) - 1}")
        return facts(groups[group][quantity], int(n))


def _rows(timelines: list[Timeline], ticks: Rates) -> list[Rates]:
    """The values of every group; where several are refused, the refusal that comes first in the run."""
    rows, refusals = [], []
    for timeline in timelines:
        try:
            rows.append(timeline(ticks))
        except ScheduleError as error:
            refusals.append(error)
    if refusals:
        raise min(refusals, key=lambda error: error.step or 0)
    return rows


def _whole(steps: ArrayLike) -> Rates:
    ticks = check_numbers("steps", steps, "[0, 10, 99]")
    wrong = ticks[~((ticks >= 0) & (ticks <= LARGEST_TICK) & (ticks == np.floor(ticks)))]
    if wrong.size:
        text = f"steps are whole numbers from 0 to 2**53, got {float(wrong.flat[0])!r}"
        raise ScheduleError(text, hint="[0, 10, 99]")
    return ticks
