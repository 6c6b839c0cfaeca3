"""The warmup of the run: the schedule's own, or a ramp for one that has none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrviz.catalogue.param_types import DURATIONS, takes_fractions
from lrviz.catalogue.roles import Role
from lrviz.errors import PlanError
from lrviz.notation.durations import parse_duration
from lrviz.notation.text import change_nothing, listed
from lrviz.resolve.budget import TOO_LONG, too_long, warmup_of
from lrviz.resolve.convert import duration
from lrviz.resolve.keys import KEYS, RAMP_KEYS
from lrviz.resolve.run import Resolution, give, own_clock, own_ticks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.catalogue.registry import Param
    from lrviz.notation.durations import Duration
    from lrviz.notation.spec import Value
    from lrviz.resolve.ramp import AddedWarmup


def warn_of_warmup(run: Resolution) -> None:
    """The schedule's own warmup may be longer than the run, whoever gave it, and most often nobody."""
    param = run.entry.by_role(Role.WARMUP)
    ticks = run.params.get(param.name, param.default) if param else None
    total = own_ticks(run, run.clock.total)
    said = any(finding.id == TOO_LONG for finding in run.findings)
    if isinstance(ticks, (int, float)) and ticks > total and not said:
        run.warn(TOO_LONG, f"the warmup of {ticks:g} {run.clock.unit} is longer than the run of {total}")


def fill_warmup(run: Resolution) -> AddedWarmup | None:
    """Give the warmup to the schedule's own parameter; where it has none, the ramp that stands in."""
    span = warmup_of(run.values)
    if span is None:
        return None
    steps, note = run.plan.ticks(span, warmup=True)
    if note:
        run.note("rounded-share", f"warmup: {note}")
    own = next(iter(run.entry.of_roles(KEYS["warmup"].roles)), None)
    if own is not None and own.name in run.entry.ignores:
        run.note("warmup-ignored", f"{run.entry.id} ignores a warmup", hint="constant_with_warmup has one")
        return None
    if own is not None and own.name in run.params and "warmup" not in run.explicit_keys:
        stands = f"{own.name}={run.params[own.name]} stands, not the warmup of {steps} steps"
        run.note("warmup-overruled", stands)
        return None
    run.findings += too_long(steps, run.plan)
    run.warmup = span
    if own is None:
        return _ramp(run, steps) if steps else None
    give(run, "warmup", own.name, _warmup(run, own, span, steps))
    return None


def fill_warmup_start(run: Resolution) -> None:
    """A warmup that was asked for starts at 0 unless told otherwise, as the one of lrviz itself."""
    param, given = run.entry.by_role(Role.WARMUP_START), run.values.get("warmup_start")
    if param is None:
        return
    if given is not None:
        give(run, "warmup_start", param.name, given)
    elif param.required and run.warmup and run.params.get(param.name) is None:
        run.fill(param.name, 0.0, "starter")


def note_ramp_keys(run: Resolution, ramp: AddedWarmup | None) -> None:
    """Say what changes nothing, where no ramp of lrviz's own stands in."""
    taken = {"warmup_start"} if run.entry.by_role(Role.WARMUP_START) else set()
    keys = [key for key in RAMP_KEYS if key in run.values and key not in taken]
    if ramp is None and keys:
        why = f"{run.entry.id} has its own" if run.warmup else "there is no warmup"
        run.note("idle-key", f"{change_nothing(keys)}: {why}")


def _warmup(run: Resolution, own: Param, span: Duration, steps: int) -> Any:
    """The warmup, of so many steps, as the schedule's own parameter counts it."""
    if own.role is Role.WARMUP_FRACTION:
        return steps / run.plan.total_steps
    if own.role is Role.WARMUP_EPOCHS:
        if run.plan.steps_per_epoch is None:
            raise PlanError(f"{own.name} needs the length of an epoch", hint="<steps_per_epoch=39>")
        return steps / run.plan.steps_per_epoch
    ticks, _ = own_clock(run).ticks(span, what="warmup", warmup=True)
    return duration(run.entry, own, ticks)


def _ramp(run: Resolution, steps: int) -> AddedWarmup:
    """The warmup of lrviz itself."""
    from lrviz.resolve.ramp import AddedWarmup

    chosen: dict[str, Any] = {key: run.values[key] for key in RAMP_KEYS if key in run.values}
    ramp = AddedWarmup(steps, **{key.removeprefix("warmup_"): value for key, value in chosen.items()})
    _refuse_clock(run, ramp)
    article = "an" if ramp.shape[0] in "aeiou" else "a"
    where = "stands in front, and its own step 0 is" if ramp.mode == "front" else "is laid over it, up to"
    names = [name for name in run.entry.params if name.startswith("warmup_")]
    lacks = f"takes its own only by {', '.join(names)}" if names else "has no warmup"
    end = max(steps - run.clock.lead, 0)
    text = f"{run.entry.id} {lacks}: {article} {ramp.shape} ramp {where} step {end}"
    run.note("warmup-added", text)
    if run.lr != run.lr or ramp.start <= min(run.lr if isinstance(run.lr, tuple) else (run.lr,)):
        return ramp
    run.warn("warmup-starts-high", f"the warmup starts at {ramp.start:g}, above an LR of the run")
    return ramp


def _refuse_clock(run: Resolution, ramp: AddedWarmup) -> None:
    """A ramp counts steps: it fits in front of no pace, and is read ahead only where a tick is a step."""
    clock = run.clock
    if clock.pace is not None and ramp.mode == "front":
        raise PlanError("a pace begins with the run, not behind a warmup", hint="<warmup_mode=over>")
    if clock.lead and (clock.pace is not None or clock.size != 1):
        raise PlanError(
            f"the warmup counts steps, and lead={clock.lead} counts {clock.unit}", hint="leave <lead> out"
        )


def note_moved(run: Resolution, own: Mapping[str, Value], ramp: AddedWarmup | None) -> None:
    """Say where a share of the run comes to lie that a ramp in front has moved."""
    if ramp is None or ramp.mode != "front":
        return
    for param in run.entry.of_roles(DURATIONS):
        value = own.get(param.name)
        values = value if isinstance(value, tuple) else (value,)
        shares = [one for one in values if isinstance(one, str) and one.endswith("%")]
        if shares:
            steps = listed([f"{_step_of(run, param, share) + ramp.steps}" for share in shares])
            text = f"{param.name}={','.join(shares)} is at step {steps}, behind the warmup"
            run.note("share-moved", text, hint="<warmup_mode=over>")


def _step_of(run: Resolution, param: Param, share: str) -> int:
    """The step that a share is, counted from where the schedule begins."""
    clock = own_clock(run)
    span = parse_duration(share, what=param.name)
    ticks, _ = clock.ticks(span, what=param.name, parts=takes_fractions(param))
    return int(ticks * clock.size) - run.clock.lead
