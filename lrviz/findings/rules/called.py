"""How often the scheduler is called, beside what it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.catalogue import build
from lrviz.catalogue.roles import Role
from lrviz.engine.facts import facts
from lrviz.errors import ScheduleError
from lrviz.findings.rule import Said, of_curve, of_run
from lrviz.notation.numbers import counted, is_number, lr_text
from lrviz.notation.rendering import render_value
from lrviz.plan.arithmetic import ceil_div

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.catalogue.registry import Entry
    from lrviz.findings.look import Look
    from lrviz.resolve.resolved import Resolved

CALLS = "scheduler-calls"


@of_run(
    "accumulation-longer-than-epoch",
    "warning",
    example="linear:warmup=0 --batches-per-epoch 10 --grad-accum 16 --epochs 3",
)
def accumulation_longer_than_epoch(run: Resolved) -> Iterator[Said]:
    """More batches are accumulated than an epoch has.

    Most trainers make an update at the end of each epoch all the same, of fewer batches: the batch is smaller
    than planned, and so is the number of updates.
    """
    batches, together = run.plan.batches_per_epoch, run.plan.grad_accum
    if batches and together and together > batches and run.reading is None:
        yield Said(f"an update takes {counted(together, 'batch')}, and an epoch has {batches}")


@of_curve("script-passes", "note", example="linear:warmup=10 --steps 100 --trainer accelerate --world-size 2")
def script_passes(look: Look) -> Iterator[Said]:
    """What a script must pass for the curve that is drawn.

    A trainer that calls the scheduler several times per update, or once per epoch, makes other numbers of the
    same ``num_training_steps``. What is asked for in updates is drawn; a script that passes updates gets
    another curve.
    """
    run, entry = look.row.run, look.entry
    if run is None or entry is None or run.reading or not _is_called_otherwise(run):
        return
    passed, total = _derived(run, entry), entry.by_role(Role.TOTAL)
    planned, steps = passed.get(total.name) if total else None, run.plan.total_steps
    if not is_number(planned) or planned in {0, steps} or not all(map(is_number, passed.values())):
        return
    must = ", ".join(f"{name}={render_value(value)}" for name, value in passed.items())
    updates = {name: round(value * steps / planned) for name, value in passed.items()}
    numbers = " and ".join(map(str, updates.values()))
    params = {name: run.origins[name].value for name in entry.params if name in run.origins} | updates
    yield Said(
        f"the script must pass {must}: with {numbers} {_consequence(look, entry, params, int(planned))}"
    )


def _derived(run: Resolved, entry: Entry) -> dict[str, Any]:
    """The warmup and the length in calls, where they are made of what was asked for in updates."""
    given = ((param.name, run.origins.get(param.name)) for param in entry.of_roles((Role.WARMUP, Role.TOTAL)))
    return {name: one.value for name, one in given if one and one.origin.source == "derived"}


def _is_called_otherwise(run: Resolved) -> bool:
    """Whether it is called several times per update, or as a trainer does and nobody asked for."""
    is_by_calls = run.clock is not None and run.clock.unit == "calls"
    return is_by_calls or CALLS in {one.id for one in run.findings}


def _consequence(look: Look, entry: Entry, params: dict[str, Any], calls: int) -> str:
    """What becomes of the LR in so many calls where these parameters are passed."""
    try:
        passed = build.schedule(entry.id, params, lr=look.lr if entry.takes_group else None).groups[0]["lr"]
        found = facts(passed, calls)
    except ScheduleError:
        return f"{calls} calls are made"
    steps = look.row.steps
    if calls < steps:
        return f"the LR gets to {lr_text(found.peak)} at most and ends at {lr_text(found.last)}"
    step = ceil_div(steps * steps, calls)
    (lr,) = passed(np.array([float(step * calls // steps)]))
    until = "from step {} on" if lr == found.last else "at step {} already"
    return f"the LR is {lr_text(float(lr))} {until.format(step)}"
