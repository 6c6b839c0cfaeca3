"""Spec + plan → a definite schedule, every value with its origin."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from lrviz import build
from lrviz.errors import PlanError, ScheduleError, SpecError
from lrviz.plan import PLAN_KEYS, Plan
from lrviz.registry import Entry, Param, Role, find, is_bare
from lrviz.spans import parse_count, parse_span
from lrviz.spec import Call, Spec, Value, parse_value, render
from lrviz.warmup import held_in_front, in_front

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RUN_KEYS = ("lr", "min_lr", "warmup", "warmup_start", "optimizer", "label")
"""Keys of a spec that belong to the run, unless the schedule has a parameter of that name."""

EXAMPLE_PLAN: Mapping[str, Value] = {"dataset_len": 1235, "batch_size": 32, "epochs": 50}
EXAMPLE_LR = 1e-3

SPANS = (Role.TICKS, Role.WARMUP, Role.TOTAL)


@dataclass(frozen=True)
class Assumption:
    """A value nobody gave: ``origin`` is ``example`` (the worked example) or ``assumed`` (the starter)."""

    key: str
    value: str
    origin: str

    def __str__(self) -> str:
        return f"{self.key}={self.value} ({self.origin})"


@dataclass(frozen=True)
class Resolved:
    """A schedule in its run, with what was assumed and what is worth saying."""

    spec: Spec
    schedule: build.Schedule
    plan: Plan
    lrs: tuple[float, ...]
    warmup: Value
    assumptions: tuple[Assumption, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def label(self) -> str:
        """The text in the legend: ``label``, or the schedule's name as it was written."""
        given = self.spec.get("label")
        return self.spec.name if given is None else str(given)

    @property
    def long_label(self) -> str:
        """What tells it from others of the same name."""
        return render(self.spec) if self.spec.get("label") is None else self.label


@dataclass
class _Run:
    """The run's keys of one spec, and what had to be assumed so far."""

    entry: Entry
    values: dict[str, Value]
    examples: bool
    bare: bool
    assumptions: list[Assumption] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def assume(self, key: str, value: object, origin: str) -> None:
        self.assumptions.append(Assumption(key, str(value), origin))


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
    own, run_values = _divided(entry, spec)
    run = _Run(entry, {**(flags or {}), **run_values}, examples, bare=examples and is_bare(spec.name))
    plan = plan_of(run.values, run.assumptions if examples else None)
    params = {name: _converted(entry, name, value, plan, run.notes) for name, value in own.items()}
    lr = _base_lr(run, params)
    front = _fill_roles(run, params, plan, lr)
    schedule = build.schedule(
        entry.id,
        params,
        lr=lr if entry.takes_group else None,
        optimizer=str(run.values.get("optimizer") or "sgd"),
        metrics=metrics,
    )
    if front:
        schedule = _with_front(run, schedule, front)
    lrs = tuple(lr) if isinstance(lr, tuple) else (lr,)
    said = tuple(run.assumptions), tuple(run.notes), tuple(run.warnings)
    return Resolved(spec, schedule, plan, lrs, run.values.get("warmup"), *said)


def _divided(entry: Entry, spec: Spec) -> tuple[dict[str, Value], dict[str, Value]]:
    """The schedule's own parameters, and the keys of the run."""
    own: dict[str, Value] = {}
    run: dict[str, Value] = {}
    for key, value in spec.params:
        is_run = key in PLAN_KEYS or (key in RUN_KEYS and key not in entry.params)
        (run if is_run else own)[key] = value
    return own, run


def plan_of(values: Mapping[str, Value], assumptions: list[Assumption] | None = None) -> Plan:
    """The plan in ``values``; with a list of assumptions, filled from the worked example, which it notes.

    Raises:
        PlanError: keys are missing or contradict each other.

    """
    given = {key: _plan_value(key, values[key]) for key in PLAN_KEYS if values.get(key) is not None}
    if assumptions is not None:
        for key, value in EXAMPLE_PLAN.items():
            if key not in given and _needs(key, given):
                given[key] = value
                assumptions.append(Assumption(key, str(value), "example"))
    return Plan(**given)


def _needs(key: str, given: Mapping[str, Any]) -> bool:
    if "steps" in given or "max_steps" in given:
        return False
    return key == "epochs" or "steps_per_epoch" not in given


def _plan_value(key: str, value: Value) -> Any:
    if key == "trainer":
        return str(value)
    if key == "drop_last":
        return value
    if isinstance(value, tuple):
        raise PlanError(f"{key} must be one value, got {render_value(value)}", hint=f"{key}=100")
    if key == "epochs" and isinstance(value, float):
        return value
    if key == "epochs":
        number = parse_value(str(value))
        return number if isinstance(number, float) else parse_count(str(value), what=key)
    return parse_count(value if isinstance(value, (int, float)) else str(value), what=key)


def render_value(value: Value) -> str:
    """A value as it would be typed."""
    return render(Spec("x", (("v", value),)))[len("x:v=") :]


def _converted(entry: Entry, name: str, value: Value, plan: Plan, notes: list[str]) -> Any:
    """A value of the spec as the framework's parameter takes it."""
    param = entry.params.get(name)
    if param is None:
        return value
    listed = any(getattr(kind, "__origin__", None) is tuple for kind in param.types)
    only_listed = listed and len(param.types) == 1
    if isinstance(value, tuple):
        return tuple(_one(entry, param, item, plan, notes) for item in value)
    one = _one(entry, param, value, plan, notes)
    return (one,) if only_listed else one


def _one(entry: Entry, param: Param, value: Value, plan: Plan, notes: list[str]) -> Any:
    if isinstance(value, Call):
        return _nested(entry, value, plan, notes)
    if param.role is Role.FUNCTION and value is not None:
        return value if isinstance(value, str) else render_value(value)
    if param.role in SPANS and isinstance(value, (str, float)) and not isinstance(value, bool):
        ticks, note = plan.ticks(parse_span(value, what=param.name))
        notes += [f"{param.name}: {note}"] if note else []
        return ticks
    return value


def _nested(entry: Entry, call: Call, plan: Plan, notes: list[str]) -> dict[str, Any]:
    inner = find(f"{entry.framework.name}.{call.name.rpartition('.')[2]}")
    params = {name: _converted(inner, name, value, plan, notes) for name, value in call.params}
    return {"schedule": inner.name, "params": params}


def _base_lr(run: _Run, params: dict[str, Any]) -> Any:
    """The LR or LRs of the run: given, the schedule's own peak, or the worked example's."""
    param = run.entry.by_role(Role.BASE_LR)
    given = run.values.get("lr")
    if given is None and param is not None and params.get(param.name) is not None:
        return params[param.name]
    if given is None:
        if not run.examples:
            raise PlanError("the learning rate is missing", hint="give lr=1e-3, or --lr 1e-3")
        run.assume("lr", "1e-3", "example")
        given = EXAMPLE_LR
    lr = _lr_value("lr", given)
    if param is not None:
        if isinstance(lr, tuple) and not run.entry.takes_group:
            raise SpecError(f"{run.entry.id} has one LR, got {render_value(lr)}", hint="lr=1e-3")
        params.setdefault(param.name, lr)
    return lr


def _lr_value(key: str, value: Value) -> Any:
    values = value if isinstance(value, tuple) else (value,)
    for one in values:
        if isinstance(one, bool) or not isinstance(one, (int, float)):
            raise SpecError(f"{key} must be a number, got {render_value(one)}", hint=f"{key}=1e-3")
    return value


def _fill_roles(run: _Run, params: dict[str, Any], plan: Plan, lr: Any) -> int:
    """Fill floor, warmup, starters and total; the steps of a warmup to be put in front."""
    _fill_floor(run, params)
    front = _fill_warmup(run, params, plan)
    total = run.entry.by_role(Role.TOTAL)
    if total is not None and params.get(total.name) is None and total.name not in run.entry.ignores:
        params[total.name] = plan.total_steps - front
        if front and front >= plan.total_steps:
            raise PlanError(
                f"the warmup of {front} steps leaves nothing of a run of {plan.total_steps}",
                hint=f"give a warmup below {plan.total_steps}",
            )
    if run.bare:
        _fill_starters(run, params, plan, lr)
    return front


def _fill_floor(run: _Run, params: dict[str, Any]) -> None:
    given = run.values.get("min_lr")
    if given is None:
        return
    param = run.entry.by_role(Role.FLOOR)
    if param is None:
        raise ScheduleError(
            f"{run.entry.id} has no lowest LR to set (min_lr)", hint="cosine_with_min_lr has one"
        )
    params.setdefault(param.name, _lr_value("min_lr", given))


def _fill_warmup(run: _Run, params: dict[str, Any], plan: Plan) -> int:
    given = run.values.get("warmup")
    if given is None:
        return 0
    steps, note = plan.ticks(
        parse_span(given if isinstance(given, (int, float)) else str(given), what="warmup"), warmup=True
    )
    run.notes += [f"warmup: {note}"] if note else []
    if steps > plan.total_steps:
        run.warnings.append(f"the warmup of {steps} steps is longer than the run of {plan.total_steps}")
    param = run.entry.by_role(Role.WARMUP)
    fraction = run.entry.by_role(Role.WARMUP_FRACTION)
    if param is not None:
        if param.name in run.entry.ignores:
            run.notes.append(f"{run.entry.id} ignores a warmup; constant_with_warmup has one")
        params.setdefault(param.name, steps)
        return 0
    if fraction is not None:
        params.setdefault(fraction.name, steps / plan.total_steps)
        return 0
    return steps


def _fill_starters(run: _Run, params: dict[str, Any], plan: Plan, lr: Any) -> None:
    for names, text in run.entry.starter.items():
        *alternatives, name = names.split("|")
        if any(params.get(key) is not None for key in (*alternatives, name)):
            continue
        if text.startswith("lr/"):
            divisor = float(text.removeprefix("lr/"))
            params[name] = tuple(one / divisor for one in lr) if isinstance(lr, tuple) else lr / divisor
        else:
            params[name] = _converted(run.entry, name, parse_value(text), plan, [])
        run.assume(name, _with_outcome(text, params[name]), "assumed")


def _with_outcome(text: str, value: Any) -> str:
    """``25% = 487``: what was assumed, and what that is in this run."""
    outcome = render_value(value)
    return text if outcome == text else f"{text} = {outcome}"


def _with_front(run: _Run, schedule: build.Schedule, steps: int) -> build.Schedule:
    """The warmup of lrviz itself, for a schedule that has none of its own."""
    start = float(_lr_value("warmup_start", run.values.get("warmup_start") or 0.0))
    groups = tuple(
        {
            name: in_front(timeline, steps, start) if name == "lr" else held_in_front(timeline, steps)
            for name, timeline in group.items()
        }
        for group in schedule.groups
    )
    run.notes.append(
        f"{run.entry.id} has no warmup: a linear ramp stands in front, and its own step 0 is step {steps}"
    )
    return replace(schedule, groups=groups)
