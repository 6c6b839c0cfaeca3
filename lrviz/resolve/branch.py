"""A curve that leaves another at a step: the values of that one before, its own schedule from there on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lrviz.catalogue.names import find
from lrviz.catalogue.nested import phase_end
from lrviz.catalogue.schedule import Schedule
from lrviz.engine.compose import join_quantities
from lrviz.errors import PlanError, SpecError
from lrviz.notation.numbers import counted
from lrviz.notation.origin import Origin
from lrviz.notation.spec import Call, Spec
from lrviz.plan.budget_keys import PLAN_KEYS
from lrviz.resolve.budget import plan_of
from lrviz.resolve.going_on import SPENT, begun_at, lrs_at
from lrviz.resolve.keys import FROM, KEYS, read_values
from lrviz.resolve.origins import given_by, of_plan, said_by
from lrviz.resolve.phase_keys import PHASE_KEYS
from lrviz.resolve.precedence import merge_values
from lrviz.resolve.resolve import resolve
from lrviz.resolve.resolved import Resolved
from lrviz.resolve.spec_keys import split_keys
from lrviz.resolve.stretches import Segment, ends_of, read_phase_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lrviz.notation.durations import Leaving
    from lrviz.notation.origin import Given
    from lrviz.notation.spec import Value
    from lrviz.plan.plan import Plan
    from lrviz.resolve.origins import Origins

WARMUP = "warmup"


def branched(
    spec: Spec,
    flags: Mapping[str, Value],
    said_beside: Mapping[str, Origin],
    trunk: Resolved,
    *,
    examples: bool,
) -> Resolved:
    """The branch that ``spec`` describes, off ``trunk``.

    It begins at the LR that it finds, or at ``start_lr``; it lasts ``for`` a while, else as long as its run,
    which is its trunk's where it does not say another.

    Raises:
        LrvizError: the trunk has no such step, the branch no length, or what resolving it raises.

    """
    _, of_run = split_keys(find(spec.name), spec, flags)
    merged, said = merge_values(flags, of_run), said_by(spec, flags, said_beside)
    step = _step(KEYS[FROM].read(merged[FROM]), trunk)
    plan = trunk.plan if of_run.keys().isdisjoint(PLAN_KEYS) else plan_of(read_values(merged))
    one = _segment(spec, step, plan)
    each = partial(
        resolve,
        flags=_beside(spec, merged) | one.plan_keys(plan),
        origins=said,
        examples=examples,
        within=True,
    )
    part = _part(one, trunk, each)
    if one.stop != plan.total_steps:
        plan = plan.changed(steps=one.stop, epochs=None, max_steps=None)
        said = {**said, "steps": Origin("derived", f"{step} + {one.stop - step}")}
    origins = _origins(part, plan, merged, said, spec.get("lr"))
    schedule, lrs = _behind(trunk, part, step), trunk.lrs
    return Resolved(spec, schedule, plan, lrs, None, origins, part.findings, trunk.groups, start=step)


def _behind(trunk: Resolved, part: Resolved, step: int) -> Schedule:
    """The trunk up to that step, then the branch, in each param group."""
    lines = zip(trunk.schedule.groups, part.schedule.groups, strict=True)
    groups = tuple(join_quantities([*both], [step]) for both in lines)
    return Schedule("lrviz.phases", groups, trunk.schedule.several)


def _origins(
    part: Resolved, plan: Plan, merged: Mapping[str, Value], said: Origins, own_lr: Value
) -> dict[str, Given]:
    """Who says what of the branch; its LR comes from its trunk where it has none of its own."""
    own = given_by({key: merged[key] for key in (FROM, "label") if key in merged}, said)
    origins = {**part.origins, **of_plan(plan, said), **own}
    if "lr" in origins and own_lr is None:
        origins["lr"] = origins["lr"]._replace(origin=Origin("derived", str(merged[FROM])))
    return origins


def _step(leaving: Leaving, trunk: Resolved) -> int:
    """The updates of the trunk before the branch.

    Raises:
        PlanError: it has not as many.

    """
    step, _ = trunk.plan.ticks(leaving.at)
    total = trunk.plan.total_steps
    if not 0 < step <= total:
        has = f"{leaving.label} has {counted(total, 'step')}"
        text = (
            f"{FROM}={leaving.label}@{leaving.at.text}: {has}, and a branch leaves after the first at least"
        )
        raise PlanError(text, hint=f"<{FROM}={leaving.label}@{max(1, total // 2)}>")
    return step


def _segment(spec: Spec, step: int, plan: Plan) -> Segment:
    """The branch as a phase of its run.

    Raises:
        SpecError: it comes several times.
        PlanError: nothing of the run is left for it.

    """
    own = tuple(item for item in spec.params if item[0] not in (FROM, "label", *PLAN_KEYS))
    keys = read_phase_keys(Call(spec.name, own))
    if "times" in keys:
        raise SpecError("a branch comes once", hint="leave out times, or repeat a phase")
    ends = {key: steps for key, (steps, _) in ends_of(keys, step, plan).items()}
    stop = phase_end("the branch", step, ends) if ends else plan.total_steps
    if stop <= step:
        text = f"it begins at step {step}, and the run has {plan.total_steps}"
        raise PlanError(text, hint="for=1000 says how long it lasts")
    rest = tuple(item for item in own if item[0] not in PHASE_KEYS)
    return Segment(Spec(spec.name, rest), step, stop, begins=keys.get("start_lr", "last"))


def _beside(spec: Spec, merged: Mapping[str, Value]) -> dict[str, Value]:
    """What the run says to the branch: what it says to phases, and no warmup; the LR is the trunk's."""
    said = {key: merged[key] for key in merged if KEYS[key].to_phases and key not in (*SPENT, "lr")}
    has_warmup = bool(find(spec.name).of_roles(KEYS[WARMUP].roles))
    return said | ({WARMUP: 0} if has_warmup else {})


def _part(one: Segment, trunk: Resolved, resolve_in: Callable[[Spec], Resolved]) -> Resolved:
    """The branch alone, begun at the LR of the trunk."""
    found = lrs_at(trunk, one.start)
    lrs = found if one.begins == "last" else tuple(float(one.begins or 0) for _ in found)
    return begun_at(one.spec, lrs, resolve_in)
