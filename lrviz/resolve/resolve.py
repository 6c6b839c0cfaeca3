"""Spec + plan → a definite schedule, every value with its origin."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lrviz.catalogue.names import find
from lrviz.catalogue.roles import Role
from lrviz.engine.compose import ahead
from lrviz.errors import (
    LrvizError,
    SpecError,
    UnknownParameterError,
)
from lrviz.plan.budget_keys import BATCH_KEYS, PLAN_KEYS
from lrviz.resolve.budget import plan_of
from lrviz.resolve.building import build_schedule
from lrviz.resolve.calls import COUNT_SAMPLES, clock_of, findings_of, last_call
from lrviz.resolve.convert import Converter
from lrviz.resolve.floor import fill_floor
from lrviz.resolve.keys import read_values
from lrviz.resolve.late_groups import begun_later
from lrviz.resolve.length import adopt_length, fill_surroundings, fill_total, follow_total
from lrviz.resolve.length_notes import note_length
from lrviz.resolve.lr import fill_lr
from lrviz.resolve.origins import given_by, joined, of_calls, of_clock, of_plan, of_schedule, said_by
from lrviz.resolve.precedence import merge_values
from lrviz.resolve.resolved import Resolved
from lrviz.resolve.run import Resolution
from lrviz.resolve.spec_keys import split_keys
from lrviz.resolve.starters import fill_starters
from lrviz.resolve.warmup import (
    fill_warmup,
    fill_warmup_start,
    note_moved,
    note_ramp_keys,
    warn_of_warmup,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lrviz.catalogue.registry import Entry
    from lrviz.catalogue.schedule import Schedule
    from lrviz.engine.timeline import Timeline
    from lrviz.notation.origin import Origin
    from lrviz.notation.spec import Spec, Value
    from lrviz.resolve.clock import Clock
    from lrviz.resolve.ramp import AddedWarmup


class Beside(NamedTuple):
    """What lies around a spec: see :func:`resolve`."""

    flags: Mapping[str, Value]
    origins: Mapping[str, Origin] | None
    examples: bool
    starters: bool
    within: bool
    metrics: Sequence[float] | None


def resolve(  # noqa: PLR0913  (all but the first are what lies around the spec)
    spec: Spec,
    flags: Mapping[str, Value] | None = None,
    origins: Mapping[str, Origin] | None = None,
    *,
    examples: bool = False,
    starters: bool = False,
    within: bool = False,
    metrics: Sequence[float] | None = None,
) -> Resolved:
    """Make the spec definite.

    Args:
        spec: the words; its keys win over ``flags``.
        flags: run and plan keys given beside it.
        origins: who says each key; the spec its own, unless told otherwise, and Python the flags.
        examples: fill what is missing of the plan and the LR from the worked example, and let a bare
            name assume its starter.
        starters: let any name assume its starter.
        within: it is a phase of a run, which says itself what of its plan changes nothing.
        metrics: what is reported after each update.

    Raises:
        LrvizError: whatever is unknown, contradictory or refused by the framework; all that is missing.

    """
    made = partial(_resolved, beside=Beside(flags or {}, origins, examples, starters, within, metrics))
    try:
        return made(spec)
    except UnknownParameterError as error:
        error.beside = spec.keys()
        raise
    except LrvizError as error:
        if not error.lacks:
            raise
        from lrviz.resolve.missing import all_missing

        raise all_missing(error, spec, made) from None


def _resolved(spec: Spec, beside: Beside) -> Resolved:
    entry = find(spec.name)
    if entry.by_role(Role.PHASES):
        return _in_phases(entry, spec, beside)
    run, own = _begin(entry, spec, beside)
    ramp = fill_parameters(run, own, starters=beside.starters or (beside.examples and entry.id != spec.name))
    run.clock = last_call(run.clock, entry, run.params, run.values)
    schedule = _scheduled(run, ramp, beside.metrics)
    if not beside.within:
        _note_idle_keys(run, own, schedule)
    in_run = _in_run(run, schedule, ramp)
    length = {} if beside.within else of_plan(run.plan, run.said) | of_clock(run.clock)
    return Resolved(
        spec,
        in_run if beside.within else _begun(run, in_run),
        run.plan,
        run.lrs or (run.lr if isinstance(run.lr, tuple) else (run.lr,)),
        run.warmup,
        joined(length, of_schedule(entry, run.given)),
        tuple(run.findings),
        run.groups,
        metrics=None if beside.metrics is None else tuple(beside.metrics),
        clock=run.clock,
        params=run.params,
        planned_end=run.planned_end,
    )


def _in_phases(entry: Entry, spec: Spec, beside: Beside) -> Resolved:
    """A spec whose phases are resolved each."""
    if beside.metrics is not None:
        raise SpecError("phases that move on a metric are not joined", hint="show the schedule alone")
    merged = merge_values(beside.flags, split_keys(entry, spec, beside.flags)[1])
    said = said_by(spec, beside.flags, beside.origins)
    plan = plan_of(read_values(merged), said if beside.examples else None)
    from lrviz.resolve.phases import of_phases

    return of_phases(spec, plan, merged, said, partial(resolve, examples=beside.examples, within=True))


def _begin(entry: Entry, spec: Spec, beside: Beside) -> tuple[Resolution, dict[str, Value]]:
    """What the run says, read, with its plan and clock; and the schedule's own parameters as written."""
    own, of_run = split_keys(entry, spec, beside.flags)
    merged = merge_values(beside.flags, of_run)
    values = read_values(merged)
    said = said_by(spec, beside.flags, beside.origins)
    plan = plan_of(values, said if beside.examples else None)
    clock = clock_of(entry, own, values, plan)
    plan, adopted = follow_total(entry, own, clock, said)
    apart = {key: value for key, value in merged.items() if key not in PLAN_KEYS}
    given = of_calls(entry, plan) | given_by({**apart, **own}, said)
    clock = replace(clock, plan=plan)
    of_spec = frozenset(of_run)
    return Resolution(
        entry, values, plan, clock, of_spec, beside.examples, said, given, findings=adopted
    ), own


def _scheduled(run: Resolution, ramp: AddedWarmup | None, metrics: Sequence[float] | None) -> Schedule:
    """The schedule over its own ticks; ``run`` has what is to say of it, and the length that it gives."""
    schedule, reported = build_schedule(run, metrics)
    note_length(run, ramp, schedule.length)
    for unused in schedule.groups[0]["lr"].notes:
        run.note("argument-unused", unused)
    run.findings += findings_of(run.clock, run.values)
    if adopt_length(run, schedule.length) and reported:  # a metric that is made up is as long as the run
        schedule, reported = build_schedule(run, metrics)
    run.findings += reported
    return schedule


def _note_idle_keys(run: Resolution, own: Mapping[str, Value], schedule: Schedule) -> None:
    """Say which values of the run nothing looks at."""
    idle = run.plan.idle_note(spared=BATCH_KEYS if _batch_counts(run, own) else ())
    if idle:
        run.note("idle-key", idle)
    if "optimizer" in run.values and "optimizer" not in schedule.looked_at:
        run.note("idle-key", f"{run.entry.id} does not look at the optimizer: the one given changes nothing")


def _batch_counts(run: Resolution, own: Mapping[str, Value]) -> bool:
    """Whether the size of a batch enters though it does not make the length: its samples are counted."""
    unsaid = [param for param in run.entry.of_roles(COUNT_SAMPLES) if param.name not in own]
    return run.values.get("scale_lr") is not None or (bool(unsaid) and run.clock.pace is None)


def _in_run(run: Resolution, schedule: Schedule, ramp: AddedWarmup | None) -> Schedule:
    """The schedule's timelines over steps, with the warmup."""
    groups = tuple(
        {name: _line_in_run(run.clock, name, line, ramp) for name, line in group.items()}
        for group in schedule.groups
    )
    return replace(schedule, groups=groups)


def _begun(run: Resolution, schedule: Schedule) -> Schedule:
    """The schedule, its groups trained from where each starts; phases see to that together."""
    return replace(schedule, groups=begun_later(schedule.groups, run.groups, run.plan))


def _line_in_run(clock: Clock, name: str, line: Timeline, ramp: AddedWarmup | None) -> Timeline:
    """One timeline over steps; a ramp is read ahead with the schedule, whose tick is a step then."""
    if ramp is None:
        return clock.run(line)
    late = replace(clock, lead=0).run(line)
    warmed = ramp.before(late) if name == "lr" else ramp.beside(late)
    return ahead(warmed, clock.lead) if clock.lead else warmed


def fill_parameters(run: Resolution, own: dict[str, Value], *, starters: bool) -> AddedWarmup | None:
    """The schedule's own parameters, and those from the run; the ramp that stands in for a missing warmup.

    Raises:
        LrvizError: two values say the same, one is none, or the schedule has nothing of the kind.

    """
    run.params = Converter(run.clock, run.findings).params(run.entry, own)
    fill_lr(run)
    fill_floor(run)
    ramp = fill_warmup(run)
    fill_warmup_start(run)
    note_ramp_keys(run, ramp)
    fill_total(run, ramp)
    fill_surroundings(run, ramp)
    if starters:
        fill_starters(run)
    warn_of_warmup(run)
    note_moved(run, own, ramp)
    return ramp
