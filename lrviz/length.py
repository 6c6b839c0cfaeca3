"""How long a schedule is beside its run, and the run of a schedule that says how long to train."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from lrviz.fill import own_ticks
from lrviz.registry import Role

if TYPE_CHECKING:
    from lrviz.fill import Run


def note_length(run: Run, length: float | None) -> None:
    """A schedule of another length than the run's is a common mistake; counting epochs explains some.

    ``length`` is what the framework says it has; where it says nothing, what the spec tells it counts.
    """
    if length is not None:
        if length != run.clock.total and not run.entry.plans:
            run.notes.append(f"it is {length:g} {run.clock.unit} long, the run has {run.clock.total}")
        return
    total = own_ticks(run, run.clock.total)
    if run.told is None or run.params[run.told] == total:
        return
    told, unit = run.params[run.told], run.clock.unit if total == run.clock.total else "epochs"
    note = f"{run.told} is {told}, the run has {total} {unit}"
    if run.clock.interval == "step" and told == run.plan.epochs:
        note += f" in {told} epochs; interval=epoch is for a scheduler stepped once per epoch"
    run.notes.append(note)


def adopt_length(run: Run, length: float | None) -> bool:
    """Make the run as long as a schedule says that plans it; whether that changes it."""
    plan, param = run.plan, run.entry.by_role(Role.TOTAL)
    if not run.entry.plans or length is None or param is None or plan.epoch is None:
        return False
    epochs = Fraction(length) * run.clock.size / plan.epoch
    if epochs == math.ceil(plan.total_steps / plan.epoch):
        return False
    asked = f", not the {plan.epochs:g} of the run" if plan.epochs is not None else ""
    made = f"{float(epochs):g} epochs are to be trained{asked}: {param.name} is {run.params[param.name]}"
    if plan.epochs is None or {"steps", "max_steps"} & set(plan.given) or epochs <= 0:
        run.notes.append(f"{made}, the run has {plan.total_steps} steps")
        return False
    run.notes.append(made)
    run.plan = plan.changed(epochs=int(epochs) if epochs.denominator == 1 else float(epochs))
    run.clock = replace(run.clock, plan=run.plan)
    return True
