"""The trainers that would make other numbers of the same plan."""

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


def numbers(plan: Plan, warmup: Duration | None) -> RunLength:
    """The numbers of a plan."""
    return RunLength(plan.total_steps, plan.ticks(warmup, warmup=True)[0] if warmup else None)


def others(plan: Plan, warmup: Duration | None) -> dict[RunLength, list[str]]:
    """The trainers with other numbers than the plan's own, by these; those that refuse the plan have none."""
    here = numbers(plan, warmup)
    found: dict[RunLength, list[str]] = {}
    for name in TRAINERS:
        try:
            there = numbers(plan.changed(trainer=name), warmup)
        except PlanError:
            continue
        if there != here:
            found.setdefault(there, []).append(name)
    return found
