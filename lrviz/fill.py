"""What the run says to its schedule: each value of the run goes to the parameter with its role."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from lrviz.assume import EXAMPLE_LR, Assumption, warmup_of
from lrviz.convert import Converter, duration
from lrviz.errors import PlanError, ScheduleError, SpecError
from lrviz.groups import ParamGroup, batch_factor, groups_of
from lrviz.registry import Entry, Param, Role
from lrviz.run_keys import GROUP_KEYS, RAMP_KEYS, ROLES, SCALE_KEYS
from lrviz.spec import Value, parse_value, render_value
from lrviz.stepping import is_converted
from lrviz.warmup import Ramp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lrviz.clock import Clock
    from lrviz.plan import Plan
    from lrviz.spans import Span


@dataclass
class Run:
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
    groups: tuple[ParamGroup, ...] = ()
    lrs: tuple[float, ...] = ()  # those of the groups, whoever scales them
    default_lr: float | None = None  # of the optimizer, where its groups say theirs
    warmup: str = ""  # as it was asked for, where it was given to anything
    told: str | None = None  # the parameter in which the spec gives the schedule its length


def filled(run: Run, *, starters: bool) -> Ramp | None:
    """Fill the schedule's parameters from the run; the ramp that stands in for a warmup it does not have.

    Raises:
        LrvizError: two values say the same, one is none, or the schedule has nothing of the kind.

    """
    _fill_lr(run)
    _fill_floor(run)
    ramp = _fill_warmup(run)
    _fill_warmup_start(run)
    _note_ramp_keys(run, ramp)
    _fill_total(run, ramp)
    _fill_surroundings(run, ramp)
    if starters:
        _fill_starters(run)
    _warn_of_warmup(run)
    return ramp


def _warn_of_warmup(run: Run) -> None:
    """The schedule's own warmup may be longer than the run, whoever gave it."""
    param = run.entry.by_role(Role.WARMUP)
    ticks = run.params.get(param.name) if param else None
    if isinstance(ticks, (int, float)) and ticks > own_ticks(run, run.clock.total) and not run.warnings:
        run.warnings.append(f"the warmup of {ticks:g} {run.clock.unit} is longer than the run")


def _fill_lr(run: Run) -> None:
    """The LR or LRs of the run: given, the schedule's own peak, or the worked example's."""
    param = run.entry.by_role(Role.BASE_LR)
    if param is None and not run.entry.takes_group:
        _refuse_lr(run)
        run.lr = math.nan
        return
    own = run.params.get(param.name) if param is not None else None
    run.lr = _lr_value("lr", _base_lr(run) if own is None else own)
    _scale_lr(run, None if own is None else param)
    several = isinstance(run.values.get("lr"), tuple)
    if own is not None and several and not run.groups and run.entry.takes_group:
        run.lr = _lr_value("lr", run.values["lr"])  # the optimizer's groups stay, whatever peak they share
    if param is not None:
        if isinstance(run.lr, tuple) and not run.entry.takes_group and not run.groups:
            raise SpecError(f"{run.entry.id} has one LR, got lr={render_value(run.lr)}", hint="lr=1e-3")
        _give(run, "lr", param.name, run.lr)


def _scale_lr(run: Run, outright: Param | None) -> None:
    """Scale the LR by the batch and for each group, unless a parameter says it ``outright``."""
    run.groups = groups_of(run.values)
    factor, text = batch_factor(run.values, run.plan)
    if outright is not None and (run.groups or text):
        key = "scale_lr" if text else "groups"
        raise SpecError(
            f"{key} works on lr, and {outright.name} is given outright", hint=f"lr={render_value(run.lr)}"
        )
    if text:
        run.notes.append(text)
        run.lr = tuple(factor * lr for lr in run.lr) if isinstance(run.lr, tuple) else factor * run.lr
    if run.groups:
        run.lr = _of_groups(run)


def _refuse_lr(run: Run) -> None:
    """Say what changes nothing: a schedule without a peak has its LRs from a formula, or as a list."""
    for key in ("lr", *GROUP_KEYS, *SCALE_KEYS):
        if run.values.get(key) is None:
            continue
        text = f"{run.entry.id} has no peak LR to set: {key} changes nothing"
        if key in run.spoken:
            raise SpecError(text, hint=f"lrviz info {run.entry.id} names its parameters")
        run.notes.append(text)


def _base_lr(run: Run) -> Value:
    given = run.values.get("lr")
    if given is not None:
        return given
    if not run.examples:
        raise PlanError("the learning rate is missing", hint="give lr=1e-3, or --lr 1e-3")
    run.assumptions.append(Assumption("lr", "1e-3", "example"))
    return EXAMPLE_LR


def _of_groups(run: Run) -> tuple[float, ...]:
    if isinstance(run.lr, tuple):
        raise SpecError("lr has several values, and groups scale one", hint="lr=1e-3")
    run.default_lr = run.lr
    run.lrs = tuple(group.of(run.lr) for group in run.groups)
    scale = run.entry.by_role(Role.GROUP_SCALE)
    if scale is None or run.values.get("layer_decay") is None:
        return run.lrs
    if scale.name in run.params:
        raise SpecError(
            f"layer_decay sets {scale.name}, which is given outright", hint="leave one of them out"
        )
    run.params[scale.name] = tuple(group.of(1.0) for group in run.groups)
    return (run.lr,) * len(run.groups)


def _give(run: Run, key: str, name: str, value: Any) -> None:
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
            raise SpecError(f"{key} must be a number from 0 on, got {render_value(one)}", hint=f"{key}=1e-3")
    return value


def _fill_floor(run: Run) -> None:
    given = run.values.get("min_lr")
    if given is None:
        return
    param = run.entry.by_role(Role.FLOOR)
    if param is None:
        raise ScheduleError(
            f"{run.entry.id} has no lowest LR to set (min_lr)", hint="cosine_with_min_lr has one"
        )
    _give(run, "min_lr", param.name, _lr_value("min_lr", given))


def _fill_warmup(run: Run) -> Ramp | None:
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
    _give(run, "warmup", own.name, _warmup(run, own, span, steps))
    return None


def _fill_warmup_start(run: Run) -> None:
    """A warmup that was asked for starts at 0 unless told otherwise, as the one of lrviz itself."""
    param, given = run.entry.by_role(Role.WARMUP_START), run.values.get("warmup_start")
    if param is None:
        return
    if given is not None:
        _give(run, "warmup_start", param.name, _lr_value("warmup_start", given))
    elif param.required and run.warmup and run.params.get(param.name) is None:
        run.params[param.name] = 0.0
        run.assumptions.append(Assumption(param.name, "0.0", "assumed"))


def _note_ramp_keys(run: Run, ramp: Ramp | None) -> None:
    """Say what changes nothing, where no ramp of lrviz's own stands in."""
    taken = {"warmup_start"} if run.entry.by_role(Role.WARMUP_START) else set()
    idle = [key for key in RAMP_KEYS if run.values.get(key) is not None and key not in taken]
    if ramp is None and idle:
        why = f"{run.entry.id} has its own" if run.warmup else "there is no warmup"
        run.notes.append(f"{', '.join(idle)} changes nothing: {why}")


def _warmup(run: Run, own: Param, span: Span, steps: int) -> Any:
    """The warmup, of so many steps, as the schedule's own parameter counts it."""
    if own.role is Role.WARMUP_FRACTION:
        return steps / run.plan.total_steps
    if own.role is Role.WARMUP_EPOCHS:
        if run.plan.steps_per_epoch is None:
            raise PlanError(f"{own.name} needs the length of an epoch", hint="--steps-per-epoch 39")
        return steps / run.plan.steps_per_epoch
    ticks, _ = _own_clock(run).ticks(span, what="warmup", warmup=True)
    return duration(run.entry, own, ticks)


def _ramp(run: Run, steps: int) -> Ramp:
    """The warmup of lrviz itself."""
    chosen: dict[str, Any] = {key: run.values[key] for key in RAMP_KEYS if run.values.get(key) is not None}
    if "warmup_start" in chosen:
        _lr_value("warmup_start", chosen["warmup_start"])
    ramp = Ramp(steps, **{key.removeprefix("warmup_"): value for key, value in chosen.items()})
    article = "an" if ramp.shape[0] in "aeiou" else "a"
    where = "stands in front, and its own step 0 is" if ramp.mode == "front" else "is laid over it, up to"
    names = [name for name in run.entry.params if name.startswith("warmup_")]
    lacks = f"takes its own only by {', '.join(names)}" if names else "has no warmup"
    run.notes.append(f"{run.entry.id} {lacks}: {article} {ramp.shape} ramp {where} step {steps}")
    if run.lr != run.lr or ramp.start <= min(run.lr if isinstance(run.lr, tuple) else (run.lr,)):
        return ramp
    run.warnings.append(f"the warmup starts at {ramp.start:g}, above an LR of the run")
    return ramp


def _fill_total(run: Run, ramp: Ramp | None) -> None:
    """Fill the schedule's own length from the run's, less a warmup that stands in front."""
    param = run.entry.by_role(Role.TOTAL)
    if param is None:
        return
    if run.params.get(param.name) is not None:
        run.told = param.name
        return
    if param.name in run.entry.ignores:
        return
    ticks = own_ticks(run, _left(run, ramp))
    front = _in_front(run)
    if front >= ticks:
        raise PlanError(
            f"the warmup of {front:g} {run.clock.unit} leaves nothing of a run of {ticks}",
            hint=f"give a warmup below {ticks}",
        )
    run.params[param.name] = duration(run.entry, param, ticks - front if front else ticks)


def _in_front(run: Run) -> Any:
    """The ticks of the schedule's own warmup, if its length leaves them out."""
    says, warmup = run.entry.by_role(Role.IN_FRONT), run.entry.by_role(Role.WARMUP)
    leaves_out = run.entry.in_front if says is None else run.params.get(says.name, says.default)
    if warmup is None or not leaves_out:
        return 0
    return run.params.get(warmup.name) or (0 if warmup.required else warmup.default)


def _own_clock(run: Run) -> Clock:
    """The clock that the schedule's parameters count by."""
    converted = is_converted(run.entry, run.params)
    return replace(run.clock, interval="epoch", calls=1, batches=1) if converted else run.clock


def own_ticks(run: Run, ticks: int) -> int:
    """The ticks as the schedule's parameters count them: in epochs where it was converted to steps."""
    epoch = _epoch_steps(run) if is_converted(run.entry, run.params) else None
    return math.ceil(ticks / epoch) if epoch else ticks


def _epoch_steps(run: Run) -> int | None:
    """Steps in an epoch as the schedule is told, or as the plan has it."""
    param = run.entry.by_role(Role.EPOCH_STEPS)
    return (run.params.get(param.name) if param else None) or run.clock.epoch


def _left(run: Run, ramp: Ramp | None) -> int:
    """The ticks that a warmup in front leaves of the run."""
    front = ramp.steps if ramp and ramp.mode == "front" else 0
    if front >= run.plan.total_steps:
        raise PlanError(
            f"the warmup of {front} steps leaves nothing of a run of {run.plan.total_steps}",
            hint=f"give a warmup below {run.plan.total_steps}",
        )
    return run.clock.total - run.clock.whole(front, "warmup")


def _epochs(run: Run) -> int | None:
    """The epochs that a trainer which knows only whole ones is told."""
    asked, epochs = run.plan.epochs, run.plan.epochs_run
    if asked is not None and asked != int(asked):
        raise PlanError(
            f"{run.entry.id} trains whole epochs, got epochs={asked!r}", hint=f"epochs={math.ceil(asked)}"
        )
    return None if epochs is None else math.ceil(epochs)


def _fill_surroundings(run: Run, ramp: Ramp | None) -> None:
    """What a framework's trainer tells it of the run."""
    told: dict[Role, Callable[[], int | None]] = {
        Role.EPOCH_STEPS: lambda: run.clock.epoch,
        Role.RUN_EPOCHS: lambda: _epochs(run),
        Role.SAMPLES: lambda: run.plan.samples_per_step if run.entry.framework.unit else run.clock.samples,
        Role.RUN_TIME: lambda: _left(run, ramp),
    }
    switch = run.entry.by_role(Role.BY_STEP)
    if switch is not None and not run.params.get(switch.name):
        del told[Role.EPOCH_STEPS]  # the length of an epoch would convert it, and nobody asked for that
    for role, value in told.items():
        param = run.entry.by_role(role)
        if param is not None and run.params.get(param.name) is None and (known := value()) is not None:
            run.params[param.name] = duration(run.entry, param, known)


def _fill_starters(run: Run) -> None:
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
            value = converter.value(run.entry, name, parse_value(text))
            run.params[name] = value if value != 0 or not text.endswith("%") else 1  # a part of a short run
        outcome = render_value(run.params[name])
        run.assumptions.append(
            Assumption(name, text if outcome == text else f"{text} = {outcome}", "assumed")
        )
