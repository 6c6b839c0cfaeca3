"""What is said of a schedule that is longer or shorter than its run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lrviz.catalogue.names import find_inner
from lrviz.catalogue.roles import Role
from lrviz.notation.numbers import is_number
from lrviz.notation.origin import Origin
from lrviz.plan.budget_keys import MAX_STEPS
from lrviz.resolve.length import ramp_in_front
from lrviz.resolve.run import Resolution, own_ticks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.resolve.ramp import AddedWarmup


def note_length(run: Resolution, ramp: AddedWarmup | None, length: float | None) -> None:
    """A schedule of another length than its stretch of the run is a common mistake; epochs explain some.

    ``length`` is what the framework says it has; where it says nothing, what the spec tells it counts.
    """
    front = ramp_in_front(ramp)
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
    is_own = param is not None and param.name in run.params and run.length_param is None
    if param is None or is_own or length is None or length == total:
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
