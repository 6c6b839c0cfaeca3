"""What the run says to its schedule: each value of the run goes to the parameter with its role."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lrviz.catalogue.roles import Role
from lrviz.errors import SpecError
from lrviz.notation.durations import Duration
from lrviz.notation.finding import Finding
from lrviz.notation.origin import Given, Origin
from lrviz.notation.rendering import shown
from lrviz.resolve.calls import is_converted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrviz.catalogue.registry import Entry
    from lrviz.notation.origin import Source
    from lrviz.plan.plan import Plan
    from lrviz.resolve.clock import Clock
    from lrviz.resolve.groups import ParamGroup
    from lrviz.resolve.origins import Origins


@dataclass(eq=False)
class Resolution:
    """One spec on its way: the run's values, and what has to be said about them."""

    entry: Entry
    values: Mapping[str, Any]  # as they are read
    plan: Plan
    clock: Clock
    explicit_keys: frozenset[str]  # keys of the run that stand in the spec itself
    examples: bool
    said: Origins
    given: dict[str, Given]  # keys of the run and parameters, with their origins
    params: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    lr: Any = None
    groups: tuple[ParamGroup, ...] = ()
    lrs: tuple[float, ...] = ()  # those of the groups, whoever scales them
    default_lr: float | None = None  # of the optimizer, where its groups say theirs
    warmup: Duration | None = None  # where it was given to anything
    length_param: str | None = None  # the parameter in which the spec gives the schedule its length
    planned_end: int | None = None  # the step at which that length ends, inside the run

    @property
    def is_one_each(self) -> bool:
        """Whether the framework has no param groups, and each group has a schedule of its own."""
        return bool(self.groups) and not self.entry.takes_group

    def fill(self, name: str, value: Any, source: Source, text: str = "") -> None:
        """Give a parameter its value; one called like the key it comes from has the origin of that."""
        self.params[name] = value
        if name != text or name not in self.given:
            self.given[name] = Given(value, Origin(source, text))

    def note(self, kind: str, text: str, *, hint: str = "") -> None:
        """Something worth knowing."""
        self.findings.append(Finding(kind, "note", text, hint))

    def warn(self, kind: str, text: str) -> None:
        """Something that is hardly meant."""
        self.findings.append(Finding(kind, "warning", text))


def give(run: Resolution, key: str, name: str, value: Any) -> None:
    """Give the schedule's parameter ``name`` what ``key`` says, unless the spec gives it outright.

    Raises:
        SpecError: the spec says both.

    """
    if name not in run.params:
        run.fill(name, value, "derived", key)
    elif key in run.explicit_keys:
        raise SpecError(f"{key} and {name} both say the same of {run.entry.id}", hint="leave one of them out")
    elif value not in (None, run.params[name]):
        asked = run.values[key]
        text = asked.text if isinstance(asked, Duration) else shown(asked)
        stands = f"{name}={shown(run.params[name])} stands, not {key}={text}"
        run.note(f"{key.replace('_', '-')}-overruled", stands)


def own_clock(run: Resolution) -> Clock:
    """The clock that the schedule's parameters count by."""
    converted = is_converted(run.entry, run.params)
    return run.clock.by_epoch() if converted else run.clock


def own_ticks(run: Resolution, ticks: int) -> int:
    """The ticks as the schedule's parameters count them: in epochs where it was converted to steps."""
    epoch = _epoch_steps(run) if is_converted(run.entry, run.params) else None
    return math.ceil(ticks / epoch) if epoch else ticks


def _epoch_steps(run: Resolution) -> int | None:
    """Steps in an epoch as the schedule is told, or as the plan has it."""
    param = run.entry.by_role(Role.EPOCH_STEPS)
    return (run.params.get(param.name) if param else None) or run.clock.epoch
