"""When a run calls its scheduler: what the schedule counts, what the trainer does, what the user says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lrviz.catalogue.names import find_inner
from lrviz.catalogue.roles import Role
from lrviz.errors import PlanError, SpecError
from lrviz.notation.durations import parse_count
from lrviz.notation.finding import Finding
from lrviz.notation.spec import Call, Value
from lrviz.plan.arithmetic import ceil_div
from lrviz.resolve.clock import Clock, Interval
from lrviz.resolve.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.catalogue.registry import Entry
    from lrviz.plan.plan import Plan


COUNT_SAMPLES = (Role.SAMPLES, Role.BATCH_SAMPLES)
"""Roles of what tells a schedule how many samples pass."""


def clock_of(entry: Entry, own: Mapping[str, Value], values: Mapping[str, Any], plan: Plan) -> Clock:
    """What a tick of the schedule is in this run.

    Raises:
        LrvizError: an unknown interval, a count that is none, or an epoch of unknown length.

    """
    chosen: dict[str, Any] = {"interval": _own_interval(entry, own), **of_trainer(entry, plan)}
    if "pace" in values:
        _refuse_pace(entry, own, values)
        chosen = {}
    chosen |= {key: values[key] for key in ("interval", "calls", "pace", "lead") if key in values}
    accumulates = entry.by_role(Role.ACCUMULATION)
    if chosen.get("batches", 1) > 1 and accumulates:  # it moves with the batches itself
        raise SpecError(f"grad_accum and {accumulates.name} both say the same", hint="leave out <trainer>")
    _refuse_interval(entry, own, chosen.get("interval", "step"), plan)
    if "calls" in values:
        chosen["batches"] = 1
    samples = entry.by_role(Role.SAMPLES)
    if samples is not None:
        of_plan = None if "pace" in values else plan.samples_per_step
        in_step: Any = own.get(samples.name) or of_plan or 1
        chosen["samples"] = parse_count(in_step, what=samples.name)
    return Clock(plan, **chosen)


def _refuse_pace(entry: Entry, own: Mapping[str, Value], values: Mapping[str, Any]) -> None:
    """What else says how a schedule moves, or moves it by epochs of a length that a pace does not tell."""
    said = [key for key in KEYS["pace"].rivals if key in values]
    said += [one.name for one in entry.of_roles(COUNT_SAMPLES) if own.get(one.name) not in {None, 1}]
    if said:
        raise SpecError(f"pace and {said[0]} both say how the schedule moves", hint="leave one of them out")
    if entry.by_role(Role.ON_EPOCHS):
        raise PlanError(f"{entry.id} counts epochs, and a pace tells of none", hint="leave <pace> out")


def _refuse_interval(entry: Entry, own: Mapping[str, Value], interval: Interval, plan: Plan) -> None:
    """A schedule that counts batches and epochs itself must be called at every step.

    One that counts samples counts calls where it is told that each is one sample.
    """
    by_samples = [one for one in entry.of_roles(COUNT_SAMPLES) if own.get(one.name) != 1]
    itself = entry.by_role(Role.RUN_EPOCHS) or by_samples
    converted = entry.by_role(Role.ON_EPOCHS) and is_converted(entry, own)
    if interval == "step" or not (itself or converted):
        return
    why = f"trainer={plan.trainer} calls it once per epoch" if plan.rules.interval else ""
    raise PlanError(
        f"{entry.id} counts the steps of an epoch itself: interval={interval} is not for it"
        + (f" ({why})" if why else ""),
        hint="<interval=step>",
    )


def of_trainer(entry: Entry, plan: Plan) -> dict[str, Any]:
    """How the trainer calls a scheduler; accelerate only one that it knows for torch's."""
    trainer, chosen = plan.rules, dict[str, Any]()
    if trainer.interval is not None:
        chosen["interval"] = trainer.interval
    if trainer.per_process and not entry.of_roles((Role.BY_EPOCH, Role.ON_EPOCHS)):
        chosen["calls"] = plan.world_size
    if trainer.per_batch:
        chosen["batches"] = plan.grad_accum
    return chosen


def _own_interval(entry: Entry, own: Mapping[str, Value]) -> Interval:
    """What the framework itself counts: epochs or steps, some as their parameter says."""
    holder = entry.by_role(Role.SCHEDULES)
    nested = own.get(holder.name) if holder else None
    calls = [call for call in (nested if isinstance(nested, tuple) else (nested,)) if isinstance(call, Call)]
    members: list[tuple[Entry, Mapping[str, Value]]] = [
        (find_inner(entry, call.name), dict(call.params)) for call in calls
    ]
    members = members or [(entry, own)]
    counts = {_counts_epochs(member, params) for member, params in members}
    return "epoch" if counts == {True} else "step"


def _counts_epochs(entry: Entry, own: Mapping[str, Any]) -> bool:
    """Whether it is called once per epoch."""
    return has_epochs(entry, own) and not is_converted(entry, own)


def has_epochs(entry: Entry, own: Mapping[str, Any]) -> bool:
    """Whether its parameters count epochs."""
    says = entry.by_role(Role.BY_EPOCH)
    return entry.by_epoch if says is None else bool(own.get(says.name, says.default))


def is_converted(entry: Entry, own: Mapping[str, Any]) -> bool:
    """Whether it is called per step although its parameters count epochs, whose length it is told."""
    epochs = entry.by_role(Role.ON_EPOCHS)
    if epochs is not None:
        return not own.get(epochs.name, epochs.default)
    switch, length = entry.by_role(Role.BY_STEP), entry.by_role(Role.EPOCH_STEPS)
    names = [param.name for param in (switch, length) if param is not None]
    return switch is not None and any(own.get(name) for name in names)


def call_rate(plan: Plan) -> str:
    """How often the trainer calls a scheduler, where that is not once per update."""
    trainer = plan.rules
    if trainer.interval is not None:
        return f"once per {trainer.interval}, unless told interval=step"
    if trainer.per_process and plan.world_size > 1:
        return f"{plan.world_size} times per update (one per process)"
    if trainer.per_batch and plan.grad_accum > 1:
        return f"after every batch, {plan.grad_accum} times per update"
    return ""


def findings_of(clock: Clock, values: Mapping[str, Value]) -> list[Finding]:
    """What a trainer does to a scheduler that may surprise."""
    plan, trainer = clock.plan, clock.plan.rules
    if clock.pace is not None:
        return []
    if trainer.interval is not None:
        often = "" if values.get("interval") else call_rate(plan)
        return _called(plan, often)
    found = []
    if values.get("calls") is None and clock.calls * clock.batches > 1:
        often = f"{call_rate(plan)}: {clock.total // clock.samples} calls, {plan.total_steps} updates"
        if clock.interval != "step":
            often = f"{clock.calls} times per {clock.interval} (one per process)" if clock.calls > 1 else ""
        found += _called(plan, often)
    update = ceil_div(clock.last or 0, clock.calls)
    if clock.last is not None and clock.interval == "step" and update < plan.total_steps:
        text = f"{plan.trainer} stops calling at total_steps: the LR stays from update {update} on"
        found.append(Finding("trainer-stops-calling", "note", text))
    return found


def _called(plan: Plan, often: str) -> list[Finding]:
    text = f"{plan.trainer} calls the scheduler {often}"
    return [Finding("scheduler-calls", "note", text)] if often else []


def last_call(clock: Clock, entry: Entry, params: Mapping[str, Any], values: Mapping[str, Value]) -> Clock:
    """The clock of a schedule that has ``total_steps``, beyond which accelerate does not call it."""
    param = entry.params.get("total_steps")
    if param is None or param.role is not Role.TOTAL:  # it is an argument only
        return clock
    total = entry.total_of(params)
    is_asked = clock.plan.rules.per_process and not {"calls", "pace"} & values.keys()
    return replace(clock, last=total) if is_asked and isinstance(total, int) and total > 0 else clock
