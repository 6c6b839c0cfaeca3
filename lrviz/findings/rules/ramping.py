"""Warmups that are none, or nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.findings.rule import Said, of_curve, of_run
from lrviz.notation.numbers import lr_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.findings.look import Look
    from lrviz.resolve.resolved import Resolved


@of_run("no-warmup", "warning", example="linear:warmup=1% --steps 50")
def no_warmup(run: Resolved) -> Iterator[Said]:
    """A warmup that is a share of the run, or of an epoch, has no update.

    The share is rounded to whole updates, and of a short run that is none. Give the warmup in updates.
    """
    asked = run.warmup
    if asked is None or run.reading is not None or not asked.amount:
        return
    if run.plan.ticks(asked, warmup=True)[0] == 0:
        yield Said(
            f"the warmup of {asked.text} has 0 steps in a run of {run.plan.total_steps}", hint="<warmup=1>"
        )


@of_curve(
    "warmup-fills-run",
    "warning",
    example="constant_with_warmup:warmup=100 --steps 100",
    unless=("warmup-longer-than-run", "warmup-of-all", "warmup-is-the-run"),
)
def warmup_fills_run(look: Look) -> Iterator[Said]:
    """The run ends in its warmup.

    No update is made at the LR that was given, and nothing of the schedule behind the warmup is seen. A
    warmup is counted in calls: as many epochs where the scheduler is called once per epoch.
    """
    end, found = look.facts.warmup_end, look.facts
    if end is not None and end >= look.row.steps and not found.stop:
        text = f"the warmup lasts to step {end}, and the run has {look.row.steps} steps"
        yield Said(f"{text}: it ends at {lr_text(found.last)}")
