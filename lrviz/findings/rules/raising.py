"""Where the framework raises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.findings.rule import Said, of_curve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.findings.look import Look


@of_curve("stops", "error", example="onecycle:max_lr=0.1,total_steps=50 --steps 100", any_quantity=True)
def stops(look: Look) -> Iterator[Said]:
    """The framework raises inside the run.

    The curve ends there, and so would the training. Most often the schedule is told fewer steps than the run
    has: give it the whole length, or leave its length out.
    """
    if look.facts.stop:
        yield Said(f"stops at step {look.facts.stop[0]}: {look.facts.stop[1]}")


@of_curve(
    "last-step-raises", "error", example="onecycle:max_lr=0.1,total_steps=99 --steps 100", any_quantity=True
)
def last_step_raises(look: Look) -> Iterator[Said]:
    """The framework raises in the call after the last update.

    A run of N updates calls scheduler.step() N times, the last time after the last update. Every update has
    its LR, and the training dies before its last checkpoint.
    """
    timeline, row = look.row.timeline, look.row
    is_stepped = look.entry is not None and look.entry.framework.optimizer and not timeline.gives_out
    if timeline.end == row.steps and is_stepped:
        yield Said(f"the last scheduler.step(), after update {row.steps - 1}, raises: {timeline.why}")
