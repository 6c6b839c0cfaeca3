"""The phases of a run, each a schedule with its own stretch of steps."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from lrviz.catalogue.nested import phase_end
from lrviz.catalogue.schedule import Schedule
from lrviz.engine.compose import join_quantities
from lrviz.errors import WORDS, LrvizError, PlanError, SpecError
from lrviz.notation.finding import Finding
from lrviz.notation.rendering import render_value
from lrviz.notation.spec import Call, Spec, Value
from lrviz.notation.text import one_line
from lrviz.plan.budget_keys import PLAN_KEYS
from lrviz.plan.plan import BATCH_KEYS
from lrviz.resolve.keys import END_KEYS, KEYS
from lrviz.resolve.origins import given_by, of_plan
from lrviz.resolve.resolved import Resolved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lrviz.engine.timeline import Timeline
    from lrviz.notation.origin import Given, Place
    from lrviz.plan.plan import Plan
    from lrviz.resolve.origins import Origins

EXAMPLE = "phase=LinearLR(total_iters=10,for=10),linear"


class Segment(NamedTuple):
    """One phase: what runs from step ``start`` up to ``stop``, and how its end was ``rounded``, if so."""

    spec: Spec
    start: int
    stop: int
    rounded: tuple[str, ...] = ()

    def plan_keys(self, plan: Plan) -> dict[str, Value]:
        """The plan of this phase alone: the run's, as long as the phase is."""
        keys: dict[str, Value] = {
            key: plan.given[key] for key in (*BATCH_KEYS, "trainer") if key in plan.given
        }
        return {**keys, "steps": self.stop - self.start, "steps_per_epoch": plan.steps_per_epoch}


def of_phases(
    spec: Spec,
    plan: Plan,
    values: Mapping[str, Value],
    said: Origins,
    resolve: Callable[[Spec, dict[str, Value], Origins], Resolved],
) -> Resolved:
    """Every phase resolved in a run as long as its stretch, and all joined.

    Raises:
        LrvizError: what the run says is not for phases, they do not fit together, or what a phase raises.

    """
    to_phases = [key.name for key in KEYS.values() if key.to_phases]
    known = (*PLAN_KEYS, *to_phases, "label")
    idle = [key for key, value in values.items() if value is not None and key not in known]
    if idle:
        raise SpecError(f"{idle[0]} is for one schedule, and this run has phases", hint="give it to a phase")
    found = stretches(spec.get("phase"), plan, said)
    beside = {key: values[key] for key in to_phases if key in values}
    parts = []
    for i, one in enumerate(found):
        with _of_phase(i, said, f"phase {i + 1}"):
            parts.append(resolve(one.spec, beside | one.plan_keys(plan), _origins(one.spec, i, said)))
    origins = of_plan(plan, said) | given_by(
        {key: values[key] for key in values if key not in PLAN_KEYS}, said
    )
    for i, part in enumerate(parts):
        origins |= _of_part(part, i)
    note = plan.idle_note(spared=BATCH_KEYS if values.get("scale_lr") else ())
    findings = [Finding("idle-key", "note", note)] if note else []
    findings += [
        Finding("rounded-share", "note", f"phase {i + 1}: {note}", place=_place(i, said))
        for i, one in enumerate(found)
        for note in one.rounded
    ]
    findings += [
        finding._replace(text=f"phase {i + 1}: {finding.text}", place=_place(i, said)).write_hint(WORDS)
        for i, part in enumerate(parts)
        for finding in part.findings
    ]
    findings += _of_the_end(found[-1].stop, plan.total_steps)
    schedule = Schedule("lrviz.phases", _joined(found, parts), parts[0].schedule.several)
    return Resolved(spec, schedule, plan, parts[0].lrs, None, origins, tuple(findings), parts[0].groups)


def _of_the_end(stop: int, total: int) -> Iterator[Finding]:
    """A last phase that says where it ends, which is not where the run does."""
    if stop < total:
        text = f"the last phase ends at step {stop}, and goes on to {total}"
        yield Finding("last-phase-extended", "warning", text)
    elif stop > total:
        text = f"the last phase ends at step {stop}, and the run cuts it off at {total}"
        yield Finding("last-phase-cut", "note", text)


@contextmanager
def _of_phase(i: int, said: Origins, name: str = "") -> Iterator[None]:
    """Say in a refusal what the phase is called, and where a file has it."""
    try:
        yield
    except LrvizError as error:
        if name:
            error.about(name)
        error.place = _place(i, said)
        raise


def _place(i: int, said: Origins) -> Place | None:
    """Where a file has a phase."""
    origin = said.get(f"phase[{i}].name")
    return origin.place._replace(key="") if origin and origin.place else None


def _origins(spec: Spec, i: int, said: Origins) -> Origins:
    """Who says the keys of a phase: a place of its own, or that of all phases."""
    own = {key: said.get(f"phase[{i}].{key}", said["phase"]) for key, _ in spec.params}
    return {**said, **own}


def _of_part(part: Resolved, i: int) -> dict[str, Given]:
    """The origins of a phase; what it does not say itself is of the run where that has the key."""
    of_run = KEYS.keys() - part.spec.keys()
    return {key if key in of_run else f"phase[{i}].{key}": given for key, given in part.origins.items()}


def _joined(found: list[Segment], parts: list[Resolved]) -> tuple[dict[str, Timeline], ...]:
    """The phases of each param group, end to end."""
    if len({len(part.schedule.groups) for part in parts}) > 1:
        raise SpecError(
            "some phases have more param groups than others", hint="<lr=1e-3,1e-4> for all of them"
        )
    ends = [one.stop for one in found[:-1]]
    lines = zip(*(part.schedule.groups for part in parts), strict=True)
    named = ([_named(line, one) for line, one in zip(group, found, strict=True)] for group in lines)
    return tuple(join_quantities(group, ends) for group in named)


def _named(lines: Mapping[str, Timeline], one: Segment) -> Mapping[str, Timeline]:
    """The timelines of a phase, with all their phases called by its label, if it has one."""
    label = one.spec.get("label")
    if label is None:
        return lines
    return {
        name: replace(line, phases=tuple(replace(phase, label=one_line(str(label))) for phase in line.phases))
        for name, line in lines.items()
    }


def stretches(value: Value, plan: Plan, said: Origins) -> list[Segment]:
    """The phases in order; ``until`` is a step of the run, ``for`` a length, and the last goes on to the end.

    Raises:
        SpecError: no phase, one that is no schedule, or without an end before another.
        PlanError: one begins after the run's end, or ends before it begins.

    """
    calls = [_call(item) for item in (value if isinstance(value, tuple) else (value,))]
    if not calls:
        raise SpecError("phase is empty, and a run has one phase at least", hint=EXAMPLE)
    found: list[Segment] = []
    for i, call in enumerate(calls):
        start = found[-1].stop if found else 0
        with _of_phase(i, said):
            ends = _ends(call, plan)
            stop = _stop(ends, f"phase {i + 1} ({call.name})", start, plan, last=i == len(calls) - 1)
        params = tuple((key, inner) for key, inner in call.params if key not in END_KEYS)
        rounded = tuple(f"{key}: {note}" for key, (_, note) in ends.items() if note)
        found.append(Segment(Spec(call.name, params), start, stop, rounded))
    return found


def _call(item: Value) -> Call:
    if isinstance(item, str):
        return Call(item)
    if not isinstance(item, Call):
        text = "none" if item is None else render_value(item)
        raise SpecError(f"a phase is written as a call, got {text}", hint=EXAMPLE)
    strange = [key for key, _ in item.params if key in PLAN_KEYS]
    if strange:
        raise SpecError(f"{strange[0]} belongs to the run, not to phase {item.name}", hint=EXAMPLE)
    return item


def _ends(call: Call, plan: Plan) -> dict[str, tuple[int, str]]:
    """What a phase says of its end, each in steps, with a note where that rounds."""
    params = dict(call.params)
    spans = {key: END_KEYS[key].read(params[key]) for key in END_KEYS if params.get(key) is not None}
    return {key: plan.ticks(span) for key, span in spans.items()}


def _stop(ends: Mapping[str, tuple[int, str]], place: str, start: int, plan: Plan, *, last: bool) -> int:
    if start >= plan.total_steps:
        text = f"{place} begins at step {start}, and the run has {plan.total_steps}"
        raise PlanError(text, hint=f"<steps={start + 100}>")
    if last and not ends:
        return plan.total_steps
    return phase_end(place, start, {key: steps for key, (steps, _) in ends.items()})
