"""The run that a framework makes of a checkpoint and another schedule."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from lrviz.catalogue.names import find
from lrviz.catalogue.schedule import Schedule
from lrviz.engine.compose import ahead, cap, join, scale, shift
from lrviz.engine.timeline import value_at_tick
from lrviz.errors import PlanError, SpecError
from lrviz.notation.durations import parse_duration
from lrviz.notation.finding import Finding
from lrviz.notation.numbers import counted, lr_text
from lrviz.notation.rendering import shown
from lrviz.notation.spec import Spec
from lrviz.notation.text import change_nothing
from lrviz.resumption.functions import functions_in, with_functions_of
from lrviz.resumption.megatron import STORED, with_kept
from lrviz.resumption.own_state import run_on
from lrviz.resumption.restored import counts_epochs, rule_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrviz.engine.timeline import Timeline
    from lrviz.plan.plan import Plan
    from lrviz.resolve.resolved import Resolved
    from lrviz.resumption.resume_rule import Rule


MOST_JUMPS = 8
"""Around one step."""


class Resumption(NamedTuple):
    """A run goes on as another after ``at`` updates, as ``rule`` says, with the curve of ``further``."""

    old: Resolved
    new: Resolved
    at: int
    rule: Rule
    further: Resolved

    @property
    def turn(self) -> int:
        """The first step that uses what the scheduler computes after the resume."""
        clock = self.new.clock
        holds = clock.holds if clock else None
        if self.rule.first == "new" or (clock and clock.lead):  # or it is called before the first update
            return self.at
        return self.at + 1 if holds is None else math.ceil((self.at // holds + 1) * holds)

    def line(self, group: int, quantity: str) -> Timeline:
        """One quantity of one param group over the resumed run."""
        old, later = (run.schedule.groups[group][quantity] for run in (self.old, self.further))
        if self.further is self.old:
            return old
        if self.rule.later not in ("old", "run"):
            later = shift(later, self._late)
            later = scale(later, self._factor(group, old, later)) if quantity == "lr" else later
        before = old if self.turn <= self.at + 1 else cap(old, self.at, "stored LR")
        return join([before, ahead(later, self.turn)], [self.turn])

    def _factor(self, group: int, old: Timeline, later: Timeline) -> float:
        """What the new curve is multiplied with."""
        if self.rule.later == "chained":
            return _ratio(value_at_tick(old, self.at), value_at_tick(later, self.at))
        return _ratio(self.old.lrs[group], self.new.lrs[group]) if self.rule.base == "old" else 1.0

    @property
    def _late(self) -> int:
        """By how many steps the new run's clock is late: it counts on from the ticks that the old one made.

        Raises:
            SpecError: no whole number.

        """
        old, new = self.old.clock, self.new.clock
        if self.rule.place == "epoch":
            return _epochs_late(self.old, self.new, self.at)
        if self.rule.place == "step" or old is None or new is None or old.size == new.size:
            return 0
        late = self.at - math.floor(old.passed(self.at)) * new.size
        if late.denominator != 1:
            raise SpecError(
                f"the scheduler has counted {math.floor(old.passed(self.at))} {old.unit}, "
                f"which end inside a step of the new run",
                hint="resume where an epoch ends in both",
            )
        return int(late)


def _ratio(above: float, below: float) -> float:
    """One LR over another.

    Raises:
        SpecError: the other is 0, from which no factor leads away.

    """
    if above == below:
        return 1.0
    if below == 0:
        raise SpecError("the new run's LR is 0, which tells no factor", hint="<lr=1e-3>")
    return above / below


def resumed(old: Resolved, new: Resolved, at: str, *, alone: bool = True) -> Resolved:
    """The run of ``new`` that goes on from a checkpoint of ``old``; of several it has its name.

    Raises:
        LrvizError: there is no such checkpoint, nothing is left to run, or what happens is not known.

    """
    step = _step(old, at)
    _refuse_other(old, new)
    plan = _plan(old, new, step)
    left = plan.total_steps - step
    if left <= 0:
        text = f"{counted(step, 'update')} are done, and the new run has {plan.total_steps}"
        raise PlanError(f"{text}: nothing is left to run", hint=f"--resume steps={2 * step}")
    rule = rule_of(new)
    one = Resumption(old, new, step, rule, _further(rule, old, new, step))
    quantities = [name for name in new.schedule.quantities if name in old.schedule.quantities]
    groups = tuple(
        {name: one.line(group, name) for name in quantities} for group in range(len(old.schedule.groups))
    )
    schedule = Schedule(new.schedule.id, groups, new.schedule.several)
    spec = _labelled(new.spec, step, "" if alone and new.spec.name == old.spec.name else new.spec.name)
    lrs = old.lrs if rule.base == "old" else new.lrs
    run = replace(new, spec=spec, schedule=schedule, plan=plan, lrs=lrs, resumed_at=step)
    return replace(run, findings=tuple(_findings(one, run, left)))


def _labelled(spec: Spec, step: int, name: str) -> Spec:
    """The spec with a label that says where it is resumed: by its own label, or else by ``name``."""
    label = f"{spec.get('label') or name} resumed at {step}".lstrip()
    params = tuple(item for item in spec.params if item[0] != "label")
    return Spec(spec.name, (*params, ("label", label)))


def _step(old: Resolved, at: str) -> int:
    """The updates done before the checkpoint.

    Raises:
        LrvizError: not one of the old run's.

    """
    total = old.plan.total_steps
    step, _ = old.plan.ticks(parse_duration(at.strip(), what="--resume-at"))
    if not 0 < step <= total:
        text = f"--resume-at {at}: the old run has checkpoints after 1 to {counted(total, 'update')}"
        raise PlanError(text, hint=f"--resume-at {max(1, total // 2)}")
    return step


def _plan(old: Resolved, new: Resolved, step: int) -> Plan:
    """How long the run is: as the new one, or as long as the epochs that are left take."""
    late = _epochs_late(old, new, step) if counts_epochs(new) else 0
    steps = new.plan.total_steps + late
    return new.plan.changed(steps=steps, epochs=None, max_steps=None) if late else new.plan


def _epochs_late(old: Resolved, new: Resolved, step: int) -> int:
    """By how many steps an epoch begins later than in the new run alone, where the old ones had others.

    Raises:
        PlanError: the checkpoint lies inside an epoch.

    """
    before, after = old.plan.epoch, new.plan.epoch
    if before is None or after is None or before == after or new.plan.epochs is None:
        return 0
    late = step - step / before * after
    if (step / before).denominator != 1 or late.denominator != 1:
        text = f"{counted(step, 'update')} end inside an epoch, which has other steps in the new run"
        raise PlanError(text, hint="--resume-at 1ep")
    return int(late)


def _refuse_other(old: Resolved, new: Resolved) -> None:
    """Refuse what no state is loaded into, or not as is known here.

    Raises:
        SpecError: it is so.

    """
    if len(old.schedule.groups) != len(new.schedule.groups):
        counts = " and ".join(str(len(run.schedule.groups)) for run in (old, new))
        text = f"old and new run have {counts} param groups, and no optimizer's state fits both"
        raise SpecError(text, hint="give both as many")
    rules = rule_of(old), rule_of(new)
    has_state = any(rule.has_state for rule in rules)
    if (has_state or rules[0] != rules[1]) and old.schedule.id != new.schedule.id:
        text = f"what {new.schedule.id} makes of the state of {old.schedule.id} is not known"
        raise SpecError(text, hint=f"resume with {old.schedule.id}")
    if rules[1].later in ("old", "run"):
        _refuse_other_state(old, new)


def _refuse_other_state(old: Resolved, new: Resolved) -> None:
    """Refuse a metric or a clock that would go on otherwise than the state knows it.

    Raises:
        SpecError: it is so.

    """
    if "metric" in old.origins and old.plan.total_steps < new.plan.total_steps:
        steps = old.plan.total_steps
        text = f"the metric is made up for the {steps} steps of the old run, and the state needs more of it"
        raise SpecError(text, hint="--metrics FILE.csv:COLUMN, or both runs as long")
    if old.clock and new.clock and old.clock.size != new.clock.size:
        text = f"the scheduler would count other {new.clock.unit} than before"
        raise SpecError(f"{text}, and goes on with its old values", hint="keep batch size and interval")


def _further(rule: Rule, old: Resolved, new: Resolved, step: int) -> Resolved:
    """The run whose curve counts after the checkpoint."""
    if rule.later == "old":
        return _restored(old, new)
    if rule.later == "kept":
        return with_kept(old, new, rule)
    return run_on(old, new, step) if rule.later == "run" else new


def _restored(old: Resolved, new: Resolved) -> Resolved:
    """The old run, whose values all come back, with what functions the new one has.

    Raises:
        SpecError: what that makes is not known.

    """
    if functions_in(old.spec) == functions_in(new.spec):
        return old
    found = with_functions_of(old, new)
    if found is None:
        text = f"what {new.schedule.id} makes of its old values and new functions is not known"
        raise SpecError(text, hint="keep the functions")
    return found


def _findings(one: Resumption, run: Resolved, left: int) -> Iterator[Finding]:
    """What the framework does, what of the new run it drops, and where the LR jumps."""
    yield Finding("resumed", "note", f"{counted(one.at, 'update')} done, {left} left: {one.rule.text}")
    dropped = list(_dropped(one))
    if dropped:
        yield Finding("resume-ignores", "warning", change_nothing(dropped))
    line, turn = run.schedule.groups[0]["lr"], one.turn
    if turn < run.plan.total_steps and line.jumps(turn - 1, turn + 1, MOST_JUMPS) != []:
        old = one.old.schedule.groups[0]["lr"]
        (before, after), (was, gone_on) = (
            (value_at_tick(x, turn - 1), value_at_tick(x, turn)) for x in (line, old)
        )
        if (before, after) == (was, gone_on):
            return  # the old run comes down there too
        text = f"the LR jumps from {lr_text(before)} to {lr_text(after)} at step {turn}"
        yield Finding("resume-jump", "warning", f"{text}, where the old run has {lr_text(gone_on)}")


def _dropped(one: Resumption) -> Iterator[str]:
    """What the new run says otherwise than the old one, and the checkpoint brings back."""
    if one.rule.base == "old" and one.old.lrs != one.new.lrs:
        yield f"lr={_several(one.new.lrs)}"
    if one.rule.later in ("old", "kept"):
        own = STORED if one.rule.later == "kept" else find(one.new.schedule.id).params
        stored = one.old if one.rule.later == "kept" else one.further  # which has the functions of the new
        for name, given in one.new.origins.items():
            was = stored.origins.get(name)
            if name in own and was is not None and was.value != given.value:
                yield f"{name}={shown(given.value)}"


def _several(lrs: tuple[float, ...]) -> str:
    return ",".join(map(lr_text, lrs))
