"""The phases of a run, each a schedule with its own stretch of steps."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from lrviz.catalogue.schedule import Schedule
from lrviz.engine.compose import join_quantities
from lrviz.errors import WORDS, SpecError
from lrviz.notation.finding import Finding
from lrviz.notation.text import one_line
from lrviz.plan.budget_keys import BATCH_KEYS, PLAN_KEYS
from lrviz.resolve.going_on import SPENT, started
from lrviz.resolve.keys import COUNTED, KEYS
from lrviz.resolve.late_groups import begun_later
from lrviz.resolve.origins import given_by, of_plan
from lrviz.resolve.resolved import Resolved
from lrviz.resolve.stretches import of_phase, place_of, stretches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lrviz.engine.timeline import Timeline
    from lrviz.notation.origin import Given
    from lrviz.notation.spec import Spec, Value
    from lrviz.plan.plan import Plan
    from lrviz.resolve.origins import Origins
    from lrviz.resolve.stretches import Segment

_TO_PHASES = [key.name for key in KEYS.values() if key.to_phases]


def of_phases(
    spec: Spec,
    plan: Plan,
    values: Mapping[str, Value],
    said: Origins,
    resolve: Callable[..., Resolved],
) -> Resolved:
    """Every phase resolved in a run as long as its stretch, and all joined.

    Raises:
        LrvizError: what the run says is not for phases, they do not fit together, or what a phase raises.

    """
    _check_said(values)
    found = stretches(spec.get("phase"), plan, said)
    parts = _parts(found, plan, values, said, resolve)
    lines = begun_later(_joined(found, parts), parts[0].groups, plan)
    schedule = Schedule("lrviz.phases", lines, parts[0].schedule.several)
    note = plan.idle_note(spared=BATCH_KEYS if values.get("scale_lr") else ())
    findings = [Finding("idle-key", "note", note)] if note else []
    for one, part in zip(found, parts, strict=True):
        findings += _findings_of(one, part, said)
    findings += _of_the_end(found[-1].stop, plan.total_steps)
    origins = _all_origins(found, parts, plan, values, said)
    return Resolved(spec, schedule, plan, parts[0].lrs, None, origins, tuple(findings), parts[0].groups)


def _check_said(values: Mapping[str, Value]) -> None:
    """Refuse what is said of the run, and is for one schedule."""
    known = (*PLAN_KEYS, *_TO_PHASES, COUNTED, "label")
    idle = [key for key, value in values.items() if value is not None and key not in known]
    if idle:
        raise SpecError(f"{idle[0]} is for one schedule, and this run has phases", hint="give it to a phase")


def _parts(
    found: Sequence[Segment],
    plan: Plan,
    values: Mapping[str, Value],
    said: Origins,
    resolve: Callable[..., Resolved],
) -> list[Resolved]:
    """Each phase in its stretch, with what the run says to all; it may go on from the one before."""
    beside = {key: values[key] for key in _TO_PHASES if key in values}
    parts: list[Resolved] = []
    for one in found:
        with of_phase(one.place, said, _name(one)):
            kept = {key: beside[key] for key in beside if not (one.begins == "last" and key in SPENT)}
            each = partial(resolve, flags=kept | one.plan_keys(plan), origins=_origins(one, said))
            before = (found[len(parts) - 1], parts[-1]) if parts else None
            parts.append(started(one, before, each))
    return parts


def _findings_of(one: Segment, part: Resolved, said: Origins) -> Iterator[Finding]:
    """What is worth saying of a phase, at its place."""
    name, where = _name(one), place_of(one.place, said)
    for note in one.rounded:
        yield Finding("rounded-share", "note", f"{name}: {note}", place=where)
    for finding in part.findings:
        yield finding._replace(text=f"{name}: {finding.text}", place=where).write_hint(WORDS)


def _name(one: Segment) -> str:
    return f"phase {one.place + 1}"


def _of_the_end(stop: int, total: int) -> Iterator[Finding]:
    """A last phase that says where it ends, which is not where the run does."""
    if stop < total:
        text = f"the last phase ends at step {stop}, and goes on to {total}"
        yield Finding("last-phase-extended", "warning", text)
    elif stop > total:
        text = f"the last phase ends at step {stop}, and the run cuts it off at {total}"
        yield Finding("last-phase-cut", "note", text)


def _origins(one: Segment, said: Origins) -> Origins:
    """Who says the keys of a phase: a place of its own, or that of all phases."""
    own = {key: said.get(f"phase[{one.place}].{key}", said["phase"]) for key, _ in one.spec.params}
    return {**said, **own}


def _all_origins(
    found: Sequence[Segment],
    parts: Sequence[Resolved],
    plan: Plan,
    values: Mapping[str, Value],
    said: Origins,
) -> dict[str, Given]:
    """Who says what of the run and of each phase."""
    own = {key: values[key] for key in values if key not in PLAN_KEYS}
    origins = of_plan(plan, said) | given_by(own, said)
    for one, part in zip(found, parts, strict=True):
        origins |= _of_part(part, one.place)
    return origins


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
