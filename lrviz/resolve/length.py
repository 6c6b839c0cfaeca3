"""The length of a schedule filled from its run, and the run of a schedule that says how long to train."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lrviz.catalogue.roles import Role
from lrviz.errors import PlanError, SpecError
from lrviz.notation.durations import parse_duration
from lrviz.notation.finding import Finding
from lrviz.notation.origin import Origin
from lrviz.resolve.calls import is_converted
from lrviz.resolve.convert import duration
from lrviz.resolve.run import Resolution, own_ticks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lrviz.catalogue.registry import Entry
    from lrviz.notation.durations import Duration
    from lrviz.notation.spec import Value
    from lrviz.plan.plan import Plan
    from lrviz.resolve.clock import Clock
    from lrviz.resolve.origins import Origins
    from lrviz.resolve.ramp import AddedWarmup


def adopt_length(run: Resolution, length: float | None) -> bool:
    """Make the run as long as a schedule says that plans it; whether that changes it."""
    plan, param = run.plan, run.entry.by_role(Role.TOTAL)
    if not run.entry.plans or length is None or param is None or plan.epoch is None:
        return False
    if not math.isfinite(length):
        return False
    epochs = Fraction(length) * run.clock.size / plan.epoch
    if epochs == math.ceil(plan.total_steps / plan.epoch):
        return False
    asked = f", not the {plan.epochs:g} of the run" if plan.epochs is not None else ""
    made = f"{float(epochs):g} epochs are to be trained{asked}: {param.name} is {run.params[param.name]}"
    if plan.epochs is None or {"steps", "max_steps"} & set(plan.given) or epochs <= 0:
        run.note("length-differs", f"{made}, the run has {plan.total_steps} steps")
        return False
    run.note("run-length-adopted", made)
    run.said["epochs"] = Origin("derived", param.name)
    run.plan = plan.changed(epochs=int(epochs) if epochs.denominator == 1 else float(epochs))
    run.clock = replace(run.clock, plan=run.plan)
    return True


def follow_total(
    entry: Entry, own: Mapping[str, Value], clock: Clock, said: Origins
) -> tuple[Plan, list[Finding]]:
    """The plan of a run that is as long as its schedule says, where nobody else says how long; and a note."""
    plan, param, total = clock.plan, entry.by_role(Role.TOTAL), _total(entry, own)
    is_open = "epochs" in said and said["epochs"].source == "example"
    if not is_open or param is None or total is None or entry.plans or clock.pace is not None:
        return plan, []
    by_epoch = total.unit == "epochs" or clock.interval == "epoch" or is_converted(entry, own)
    key = "epochs" if by_epoch else "steps"
    length = total.amount / clock.calls if by_epoch else math.ceil(total.amount * clock.size)
    unsaid = {name for name in plan.given if name in said and said[name].source == "example"}
    replaced = {"epochs"} if by_epoch else unsaid
    for name in replaced:
        del said[name]
    said[key] = Origin("derived", param.name)
    text = f"{param.name} is {total.text}: the run is made as long"
    made = plan.changed(**(dict.fromkeys(replaced) | {key: float(length) if length % 1 else int(length)}))
    return made, [Finding("run-length-adopted", "note", text)]


def _total(entry: Entry, own: Mapping[str, Value]) -> Duration | None:
    """The length a schedule is told, unless it is a share of the run's, or none."""
    with suppress(SpecError):
        found = parse_duration(str(entry.total_of(own)), what="length")
        return found if found.unit != "fraction" and found.amount > 0 else None
    return None


def fill_total(run: Resolution, ramp: AddedWarmup | None) -> None:
    """Fill the schedule's own length from the run's, less a warmup that stands in front.

    Raises:
        PlanError: the warmup leaves nothing of the run.

    """
    param = run.entry.by_role(Role.TOTAL)
    if param is None:
        return
    if run.params.get(param.name) is not None:
        run.length_param = param.name
        return
    if param.name in run.entry.ignores or run.entry.total_of(run.params) is not None:
        return
    ticks = own_ticks(run, _left(run, ramp))
    front = _in_front(run)
    if front >= ticks:
        raise PlanError(
            f"the warmup of {front:g} {run.clock.unit} leaves nothing of a run of {ticks}",
            hint=f"give a warmup below {ticks}",
        )
    own = ticks - front if front else ticks
    source = "total_ticks" if run.clock.pace else "total_steps"
    source += "" if own == own_ticks(run, run.clock.total) else " less the warmup"
    run.fill(param.name, duration(run.entry, param, own), "derived", source)


def _in_front(run: Resolution) -> Any:
    """The ticks of the schedule's own warmup, if its length leaves them out."""
    says, warmup = run.entry.by_role(Role.IN_FRONT), run.entry.by_role(Role.WARMUP)
    leaves_out = run.entry.in_front if says is None else run.params.get(says.name, says.default)
    if warmup is None or not leaves_out:
        return 0
    return run.params.get(warmup.name) or (0 if warmup.required else warmup.default)


def ramp_in_front(ramp: AddedWarmup | None) -> int:
    """The steps of the ramp, if the schedule comes after it."""
    return ramp.steps if ramp and ramp.mode == "front" else 0


def _left(run: Resolution, ramp: AddedWarmup | None) -> int:
    """The ticks that a warmup in front leaves of the run."""
    front = ramp_in_front(ramp)
    if front >= run.plan.total_steps:
        raise PlanError(
            f"the warmup of {front} steps leaves nothing of a run of {run.plan.total_steps}",
            hint=f"give a warmup below {run.plan.total_steps}",
        )
    return run.clock.total - run.clock.whole(front, "warmup")


def _epochs(run: Resolution) -> int | None:
    """The epochs that a trainer which knows only whole ones is told."""
    asked, epochs = run.plan.epochs, run.plan.epochs_run
    if asked is not None and asked != int(asked):
        raise PlanError(
            f"{run.entry.id} trains whole epochs, got epochs={asked!r}", hint=f"<epochs={math.ceil(asked)}>"
        )
    return None if epochs is None else math.ceil(epochs)


def fill_surroundings(run: Resolution, ramp: AddedWarmup | None) -> None:
    """What a framework's trainer tells it of the run."""
    surroundings: dict[Role, tuple[str, Callable[[], int | None]]] = {
        Role.EPOCH_STEPS: ("steps_per_epoch", lambda: run.clock.epoch),
        Role.RUN_EPOCHS: ("epochs", lambda: _epochs(run)),
        Role.SAMPLES: ("pace" if run.clock.pace else "batch_size", lambda: run.clock.samples),
        Role.BATCH_SAMPLES: ("batch_size", lambda: run.plan.samples_per_step),
        Role.RUN_TIME: ("total_steps", lambda: _left(run, ramp)),
    }
    switch = run.entry.by_role(Role.BY_STEP)
    if switch is not None and not run.params.get(switch.name):
        # The length of an epoch would convert it, and nobody asked for that.
        del surroundings[Role.EPOCH_STEPS]
    for role, (source, value) in surroundings.items():
        param = run.entry.by_role(role)
        if param is not None and run.params.get(param.name) is None and (known := value()) is not None:
            run.fill(param.name, duration(run.entry, param, known), "derived", source)
