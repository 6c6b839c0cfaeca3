"""Spec + plan → a definite schedule, every value with its origin."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from lrviz import build
from lrviz.assume import EXAMPLE_LR, Assumption, overlaid, plan_of, render_value, warmup_of
from lrviz.clock import Clock, Interval
from lrviz.convert import Converter
from lrviz.errors import PlanError, ScheduleError, SpecError
from lrviz.notation import on_one_line
from lrviz.plan import PLAN_KEYS, Plan
from lrviz.registry import Entry, Role, find, is_bare
from lrviz.spans import parse_count
from lrviz.spec import Call, Spec, Value, parse_value, render
from lrviz.warmup import Ramp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RAMP_KEYS = ("warmup_start", "warmup_mode", "warmup_shape")
CLOCK_KEYS = ("interval", "calls")
RUN_KEYS = (
    "lr",
    "min_lr",
    "warmup",
    "warmup_fraction",
    *RAMP_KEYS,
    *CLOCK_KEYS,
    "optimizer",
    "metrics",
    "label",
)
"""Keys of a spec that belong to the run, unless the schedule has a parameter of that name."""

ROLES: Mapping[str, tuple[Role, ...]] = {
    "lr": (Role.BASE_LR,),
    "min_lr": (Role.FLOOR,),
    "warmup": (Role.WARMUP, Role.WARMUP_FRACTION),
    "warmup_fraction": (Role.WARMUP, Role.WARMUP_FRACTION),
    "steps": (Role.TOTAL,),
}
"""What a key of the run says to a schedule's own parameters."""


@dataclass(frozen=True)
class Resolved:
    """A schedule in its run, with what was assumed and what is worth saying."""

    spec: Spec
    schedule: build.Schedule
    plan: Plan
    lrs: tuple[float, ...]
    warmup: str
    assumptions: tuple[Assumption, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def label(self) -> str:
        """The text in the legend: ``label``, or the schedule's name as it was written."""
        given = self.spec.get("label")
        return self.spec.name if given is None else on_one_line(str(given))

    @property
    def long_label(self) -> str:
        """What tells it from others of the same name."""
        return render(self.spec) if self.spec.get("label") is None else self.label


@dataclass
class _Run:
    """One spec on its way: the run's values, and what has to be said about them."""

    entry: Entry
    values: Mapping[str, Value]
    plan: Plan
    clock: Clock
    spoken: frozenset[str]  # keys of the run that stand in the spec itself
    examples: bool
    assumptions: list[Assumption]
    params: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    lr: Any = None
    warmup: str = ""  # as it was asked for, where it was given to anything


def resolve(
    spec: Spec,
    flags: Mapping[str, Value] | None = None,
    *,
    examples: bool = False,
    metrics: Sequence[float] | None = None,
) -> Resolved:
    """Make the spec definite.

    Args:
        spec: the words; its keys win over ``flags``.
        flags: run and plan keys given beside it.
        examples: fill what is missing of the plan and the LR from the worked example, and let a bare
            name assume its starter.
        metrics: what is reported after each update.

    Raises:
        LrvizError: whatever is unknown, missing, contradictory or refused by the framework.

    """
    entry = find(spec.name)
    own, of_run = divided(entry, spec)
    values = overlaid(flags or {}, of_run)
    assumptions: list[Assumption] = []
    plan = plan_of(values, assumptions if examples else None)
    chosen: dict[str, Any] = {"interval": _own_interval(entry, own)}
    chosen |= {key: values[key] for key in CLOCK_KEYS if values.get(key) is not None}
    if "calls" in chosen:
        chosen["calls"] = parse_count(chosen["calls"], what="calls")
    clock = Clock(plan, **chosen)
    run = _Run(entry, values, plan, clock, frozenset(of_run), examples, assumptions)
    run.params = Converter(clock, run.notes).params(entry, own)
    _fill_lr(run)
    _fill_floor(run)
    ramp = _fill_warmup(run)
    _fill_total(run, ramp)
    if examples and is_bare(spec.name):
        _fill_starters(run)
    schedule = build.schedule(
        entry.id,
        run.params,
        lr=run.lr if entry.takes_group else None,
        optimizer=str(values.get("optimizer") or "sgd"),
        metrics=metrics,
    )
    lrs = run.lr if isinstance(run.lr, tuple) else (run.lr,)
    if plan.idle:
        run.notes.append(
            f"{', '.join(plan.idle)} changes nothing: {plan.total_steps} steps are given outright"
        )
    said = tuple(run.assumptions), tuple(run.notes), tuple(run.warnings)
    return Resolved(spec, _in_run(run, schedule, ramp), plan, lrs, run.warmup, *said)


def divided(entry: Entry, spec: Spec) -> tuple[dict[str, Value], dict[str, Value]]:
    """The schedule's own parameters, and the keys of the run."""
    own: dict[str, Value] = {}
    run: dict[str, Value] = {}
    for key, value in spec.params:
        is_run = key in PLAN_KEYS or (key in RUN_KEYS and key not in entry.params)
        (run if is_run else own)[key] = value
    return own, run


def _own_interval(entry: Entry, own: Mapping[str, Value]) -> Interval:
    """What the framework itself counts: steps, or epochs unless ``by_epoch`` is false."""
    if not entry.framework.by_epoch:
        return "step"
    holder = entry.by_role(Role.SCHEDULES)
    nested = own.get(holder.name) if holder else None
    calls = nested if isinstance(nested, tuple) else (nested,)
    members = [dict(call.params) for call in calls if isinstance(call, Call)] if holder else [own]
    counts = {member.get("by_epoch") is not False for member in members}
    if len(counts) > 1:
        raise SpecError(
            "some members count epochs and some steps", hint="give all of them by_epoch=false, or none"
        )
    return "epoch" if counts == {True} else "step"


def _fill_lr(run: _Run) -> None:
    """The LR or LRs of the run: given, the schedule's own peak, or the worked example's."""
    param = run.entry.by_role(Role.BASE_LR)
    given = run.params.get(param.name) if param is not None else None
    if given is None:
        given = run.values.get("lr")
    if given is None:
        if not run.examples:
            raise PlanError("the learning rate is missing", hint="give lr=1e-3, or --lr 1e-3")
        run.assumptions.append(Assumption("lr", "1e-3", "example"))
        given = EXAMPLE_LR
    run.lr = _lr_value("lr", given)
    groups = run.values.get("lr")
    if (
        param is not None
        and isinstance(groups, tuple)
        and not isinstance(run.lr, tuple)
        and run.entry.takes_group
    ):
        run.lr = _lr_value("lr", groups)  # the optimizer's groups stay, whatever peak they share
    if param is not None:
        if isinstance(run.lr, tuple) and not run.entry.takes_group:
            raise SpecError(f"{run.entry.id} has one LR, got lr={render_value(run.lr)}", hint="lr=1e-3")
        _give(run, "lr", param.name, run.lr)


def _give(run: _Run, key: str, name: str, value: Any) -> None:
    """Give the schedule's parameter ``name`` what ``key`` says, unless the spec gives it itself.

    Raises:
        SpecError: the spec says both.

    """
    if name not in run.params:
        run.params[name] = value
    elif key in run.spoken:
        raise SpecError(f"{key} and {name} both say the same of {run.entry.id}", hint="leave one of them out")


def _lr_value(key: str, value: Value) -> Any:
    for one in value if isinstance(value, tuple) else (value,):
        if isinstance(one, bool) or not isinstance(one, (int, float)) or not 0 <= one < math.inf:
            raise SpecError(
                f"{key} must be a number from 0 on, got {render_value(one)!r}", hint=f"{key}=1e-3"
            )
    return value


def _fill_floor(run: _Run) -> None:
    given = run.values.get("min_lr")
    if given is None:
        return
    param = run.entry.by_role(Role.FLOOR)
    if param is None:
        raise ScheduleError(
            f"{run.entry.id} has no lowest LR to set (min_lr)", hint="cosine_with_min_lr has one"
        )
    _give(run, "min_lr", param.name, _lr_value("min_lr", given))


def _fill_warmup(run: _Run) -> Ramp | None:
    """Give the warmup to the schedule's own parameter; where it has none, the ramp that stands in."""
    span = warmup_of(run.values)
    if span is None:
        return None
    steps, note = run.plan.ticks(span, warmup=True)
    run.notes += [f"warmup: {note}"] if note else []
    own = next(iter(run.entry.of_roles(ROLES["warmup"])), None)
    if own is not None and own.name in run.entry.ignores:
        run.notes.append(f"{run.entry.id} ignores a warmup; constant_with_warmup has one")
        return None
    if own is not None and own.name in run.params and "warmup" not in run.spoken:
        run.notes.append(f"{own.name}={run.params[own.name]} stands, not the warmup of {steps} steps")
        return None
    if steps > run.plan.total_steps:
        run.warnings.append(f"the warmup of {steps} steps is longer than the run of {run.plan.total_steps}")
    run.warmup = span.text
    if own is None:
        return _ramp(run, steps) if steps else None
    shared = own.role is Role.WARMUP_FRACTION
    _give(
        run, "warmup", own.name, steps / run.plan.total_steps if shared else run.clock.whole(steps, "warmup")
    )
    return None


def _ramp(run: _Run, steps: int) -> Ramp:
    """The warmup of lrviz itself."""
    chosen: dict[str, Any] = {key: run.values[key] for key in RAMP_KEYS if run.values.get(key) is not None}
    if "warmup_start" in chosen:
        _lr_value("warmup_start", chosen["warmup_start"])
    ramp = Ramp(steps, **{key.removeprefix("warmup_"): value for key, value in chosen.items()})
    where = "stands in front, and its own step 0 is" if ramp.mode == "front" else "is laid over it, up to"
    run.notes.append(f"{run.entry.id} has no warmup: a {ramp.shape} ramp {where} step {steps}")
    return ramp


def _fill_total(run: _Run, ramp: Ramp | None) -> None:
    """Fill the schedule's own length from the run's, less a warmup that stands in front."""
    param = run.entry.by_role(Role.TOTAL)
    if param is not None and run.params.get(param.name) not in (None, run.clock.total):
        _note_total(run, param.name)
    if param is None or run.params.get(param.name) is not None or param.name in run.entry.ignores:
        return
    front = ramp.steps if ramp and ramp.mode == "front" else 0
    if front >= run.plan.total_steps:
        raise PlanError(
            f"the warmup of {front} steps leaves nothing of a run of {run.plan.total_steps}",
            hint=f"give a warmup below {run.plan.total_steps}",
        )
    run.params[param.name] = run.clock.total - run.clock.whole(front, "warmup")


def _note_total(run: _Run, name: str) -> None:
    """A schedule told another length than the run's is a common mistake; counting epochs explains some."""
    told, ticks = run.params[name], "epochs" if run.clock.interval == "epoch" else "steps"
    note = f"{name} is {told}, the run has {run.clock.total} {ticks}"
    if run.clock.interval == "step" and told == run.plan.epochs:
        note += f" in {told} epochs; interval=epoch is for a scheduler stepped once per epoch"
    run.notes.append(note)


def _fill_starters(run: _Run) -> None:
    """What a bare name assumes for all the framework insists on."""
    converter = Converter(run.clock)
    for names, text in run.entry.starter.items():
        *alternatives, name = names.split("|")
        if any(run.params.get(key) is not None for key in (*alternatives, name)):
            continue
        if text.startswith("lr/"):
            divisor = float(text.removeprefix("lr/"))
            run.params[name] = (
                tuple(lr / divisor for lr in run.lr) if isinstance(run.lr, tuple) else run.lr / divisor
            )
        else:
            run.params[name] = converter.value(run.entry, name, parse_value(text))
        outcome = render_value(run.params[name])
        run.assumptions.append(
            Assumption(name, text if outcome == text else f"{text} = {outcome}", "assumed")
        )


def _in_run(run: _Run, schedule: build.Schedule, ramp: Ramp | None) -> build.Schedule:
    """The schedule's timelines over steps, with the warmup."""
    groups = [
        {name: run.clock.run(timeline) for name, timeline in group.items()} for group in schedule.groups
    ]
    if ramp is not None:
        groups = [
            {name: ramp.before(line) if name == "lr" else ramp.beside(line) for name, line in group.items()}
            for group in groups
        ]
    return replace(schedule, groups=tuple(groups))
