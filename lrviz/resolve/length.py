"""How long a schedule is beside its run, and the run of a schedule that says how long to train."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lrviz.catalogue.names import find_inner
from lrviz.catalogue.roles import Role
from lrviz.errors import PlanError, SpecError
from lrviz.notation.durations import parse_duration
from lrviz.notation.finding import Finding
from lrviz.notation.numbers import is_number
from lrviz.notation.origin import Origin
from lrviz.plan.budget_keys import MAX_STEPS
from lrviz.resolve.calls import is_converted
from lrviz.resolve.convert import duration
from lrviz.resolve.run import Resolution, own_ticks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lrviz.catalogue.registry import Entry
    from lrviz.notation.durations import Duration
    from lrviz.notation.spec import Value
    from lrviz.plan.plan import Plan
    from lrviz.resolve.clock import Clock
    from lrviz.resolve.origins import Origins
    from lrviz.resolve.ramp import AddedWarmup


def note_length(run: Resolution, ramp: AddedWarmup | None, length: float | None) -> None:
    """A schedule of another length than its stretch of the run is a common mistake; epochs explain some.

    ``length`` is what the framework says it has; where it says nothing, what the spec tells it counts.
    """
    front = _ramp_in_front(ramp)
    stretch = max(math.ceil(run.clock.total - run.clock.passed(front)), 0)
    if length is not None:
        _note_own_length(run, front, stretch, length)
    else:
        _note_members(run, stretch)
        _note_length_told(run, front, stretch)


def _note_own_length(run: Resolution, front: int, stretch: int, length: float) -> None:
    """Note the length of the framework where the run has another."""
    if length == stretch or run.entry.plans or _is_made_as_long(run, front, length):
        return
    text = f"it is {length:g} {run.clock.unit} long, the run has {stretch}{_behind(front)}"
    run.note("length-differs", text)
    run.planned_end = _planned_end(run, front, Fraction(length)) if math.isfinite(length) else None


def _note_length_told(run: Resolution, front: int, stretch: int) -> None:
    """Note the length that the spec tells the schedule where the run has another."""
    total, param = own_ticks(run, stretch), run.entry.by_role(Role.TOTAL)
    length = run.entry.total_of(run.params)
    is_filled = param is not None and param.name in run.params and run.length_param is None
    if param is None or is_filled or length is None or length == total:
        return
    unit = run.clock.unit if total == stretch else "epochs"
    said = length if abs(length) < MAX_STEPS else f"{length:.4g}"
    note = f"{param.name} is {said}, the run has {total} {unit}{_behind(front)}"
    run.note("length-differs", note + "".join(_mistaken(run, length, total, unit)))
    if is_number(length) and total:
        run.planned_end = _planned_end(run, front, Fraction(length) * Fraction(stretch, total))


def _behind(front: int) -> str:
    return " after the warmup" if front else ""


def _mistaken(run: Resolution, length: Any, total: int, unit: str) -> Iterator[str]:
    """What a length counts that is that of the run in something else."""
    if run.clock.interval == "step" and length == run.plan.epochs:
        yield f" in {length} epochs; interval=epoch is for a scheduler stepped once per epoch"
    if run.clock.interval == "epoch" and length == run.plan.total_steps:
        yield f" in {length} steps; interval=step is for a scheduler stepped after every update"
    if unit == "calls" and length == run.plan.total_steps:
        yield f": the script must pass {_passed(run, Fraction(total, run.plan.total_steps))}"


def _is_made_as_long(run: Resolution, front: int, length: float) -> bool:
    """Make a run that follows what the schedule is told as long as that is; it may leave a warmup out."""
    param, kind = run.entry.by_role(Role.TOTAL), "run-length-adopted"
    follows = param is not None and run.said.get("steps") == Origin("derived", param.name)
    if not follows or not math.isfinite(length):
        return False
    run.plan = run.plan.changed(steps=front + math.ceil(length * run.clock.size))
    run.clock = replace(run.clock, plan=run.plan)
    run.findings = [finding for finding in run.findings if finding.id != kind]
    run.note(kind, f"it is {length:g} {run.clock.unit} long: the run is made as long")
    return True


def _planned_end(run: Resolution, front: int, ticks: Fraction) -> int | None:
    """The step behind the last of so many ticks after the warmup, if that is inside the run."""
    if run.clock.pace is not None:
        return None
    end = front + math.ceil(ticks * run.clock.size)
    return end if 0 < end < run.plan.total_steps else None


def _note_members(run: Resolution, stretch: int) -> None:
    """Note the lengths of schedules that follow each other, each from its own step 0 on."""
    param = run.entry.by_role(Role.SCHEDULES)
    members = run.params.get(param.name) if param else None
    places = [run.params.get(one.name) for one in run.entry.of_roles((Role.TICKS,))]
    if not isinstance(members, tuple) or len(places) != 1 or not isinstance(places[0], tuple):
        return
    ends = [*places[0], stretch]
    if len(ends) != len(members):
        return
    for i, (member, start, end) in enumerate(zip(members, [0, *ends], ends, strict=False), 1):
        if not isinstance(member, Mapping):  # a name alone, which is told no length
            continue
        entry = find_inner(run.entry, member["schedule"])
        total, length = entry.by_role(Role.TOTAL), entry.total_of(member.get("params", {}))
        if total is not None and is_number(length) and length != end - start > 0:
            text = f"schedule {i}: {total.name} is {length}, and it has {end - start} {run.clock.unit}"
            run.note("length-differs", text)


def _passed(run: Resolution, calls: Fraction) -> str:
    """The lengths of a schedule that was told updates, in calls."""
    given = [(one.name, run.params.get(one.name)) for one in run.entry.of_roles((Role.WARMUP, Role.TOTAL))]
    return ", ".join(f"{name}={math.ceil(value * calls)}" for name, value in given if is_number(value))


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
    """Fill the schedule's own length from the run's, less a warmup that stands in front."""
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


def _ramp_in_front(ramp: AddedWarmup | None) -> int:
    """The steps of the ramp, if the schedule comes after it."""
    return ramp.steps if ramp and ramp.mode == "front" else 0


def _left(run: Resolution, ramp: AddedWarmup | None) -> int:
    """The ticks that a warmup in front leaves of the run."""
    front = _ramp_in_front(ramp)
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
