"""The trainers that would make another length of the same plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lrviz.errors import PlanError
from lrviz.notation.numbers import counted
from lrviz.plan.trainers import TRAINERS

if TYPE_CHECKING:
    from lrviz.notation.durations import Duration
    from lrviz.plan.plan import Plan


@dataclass(frozen=True)
class RunLength:
    """The length of a run and of its warmup, in steps."""

    total: int
    warmup: int | None

    def beside(self, here: RunLength) -> str:
        """What differs from ``here``, and by how much: ``96 steps (+3), warmup 7 (+1)``."""
        parts = []
        if self.total != here.total:
            parts.append(f"{counted(self.total, 'step')} ({self.total - here.total:+})")
        if self.warmup is not None and here.warmup is not None and self.warmup != here.warmup:
            parts.append(f"warmup {self.warmup} ({self.warmup - here.warmup:+})")
        return ", ".join(parts)


def length_of(plan: Plan, warmup: Duration | None) -> RunLength:
    """The length of a plan's run, and of a warmup in it."""
    return RunLength(plan.total_steps, plan.ticks(warmup, warmup=True)[0] if warmup else None)


def other_lengths(plan: Plan, warmup: Duration | None) -> dict[RunLength, list[str]]:
    """The trainers with another length than the plan's own, by that; those that refuse the plan have none."""
    here = length_of(plan, warmup)
    found: dict[RunLength, list[str]] = {}
    for name in TRAINERS:
        try:
            there = length_of(plan.changed(trainer=name), warmup)
        except PlanError:
            continue
        if there != here:
            found.setdefault(there, []).append(name)
    return found
