"""How often the scheduler is called, beside what it is told."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lrviz.catalogue.roles import Role
from lrviz.findings.rule import Said, of_curve, of_run
from lrviz.notation.numbers import counted, is_number, lr_text
from lrviz.notation.rendering import render_value

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    if (
        run is None
        or entry is None
        or run.reading is not None
        or CALLS not in {one.id for one in run.findings}
    ):
        return
    passed = {
        param.name: run.origins[param.name].value
        for param in entry.of_roles((Role.WARMUP, Role.TOTAL))
        if param.name in run.origins and run.origins[param.name].origin.source == "derived"
    }
    total = entry.by_role(Role.TOTAL)
    told, steps = passed.get(total.name) if total else None, run.plan.total_steps
    if not is_number(told) or told in {0, steps} or not all(map(is_number, passed.values())):
        return
    must = ", ".join(f"{name}={render_value(value)}" for name, value in passed.items())
    updates = " and ".join(f"{value * steps / told:g}" for value in passed.values())
    then = f"only {told:g} calls are made"
    if told > steps and look.facts.after is not None:
        then = f"the LR is {lr_text(look.facts.after)} at step {math.floor(steps * steps / told)} already"
    yield Said(f"the script must pass {must}: with {updates}, {then}")
