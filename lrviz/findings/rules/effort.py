"""What an exact answer costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.engine.breakpoints import MOST_WALKED
from lrviz.engine.sampling import LOOKED_AT
from lrviz.engine.walk import WALKED_IN_A_SECOND
from lrviz.findings.rule import Said, of_curve, of_run
from lrviz.notation.numbers import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.findings.look import Look
    from lrviz.resolve.resolved import Resolved

LONG_WALK = 20_000_000
"""Steps above which a walk is announced."""


@of_run("long-walk", "note", example="torch.MultiplicativeLR:lr_lambda=0.9999999 --steps 3e7")
def long_walk(run: Resolved) -> Iterator[Said]:
    """Each value needs the one before, and there are many.

    The answer is exact and takes its time; fewer steps have the same shape in less.
    """
    steps = run.ticks or run.plan.total_steps
    if LONG_WALK < steps <= MOST_WALKED and any(lines["lr"].walks for lines in run.schedule.groups):
        unit = "tick" if run.ticks else "step"
        seconds = steps / WALKED_IN_A_SECOND
        yield Said(f"each value needs the one before: {counted(steps, unit)} take about {seconds:.0f} s")


@of_curve(
    "sampled", "warning", example='"lambda:lr_lambda=(epoch*7919)%1000/1000" --steps 1e9', any_quantity=True
)
def sampled(look: Look) -> Iterator[Said]:
    """Extremes are those of samples, not of every update.

    Nothing is known of the formula between ticks, and the run is too long to look at each of them: the peak
    may be higher than shown, and the least value lower.
    """
    if look.facts.sampled:
        yield Said(f"{look.facts.sampled} of {LOOKED_AT} columns are sampled, not exact")
