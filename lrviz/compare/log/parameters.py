"""The numbers of a plan's own schedule, each of which may have been another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lrviz.catalogue.names import find, find_inner
from lrviz.catalogue.roles import Role
from lrviz.errors import LrvizError
from lrviz.notation.spec import Call
from lrviz.resolve.keys import roles_of
from lrviz.resolve.resolved_again import resolved_again

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lrviz.catalogue.registry import Entry, Param
    from lrviz.engine.timeline import Timeline
    from lrviz.notation.spec import Params, Value
    from lrviz.resolve.resolved import Resolved

    Put = Callable[[Any], Params]

LENGTHS = (Role.WARMUP, Role.TOTAL)
COUNTS = (*LENGTHS, Role.TICKS)
SHARES = (
    *(Role.BASE_LR, Role.WARMUP_FRACTION, Role.WARMUP_START, Role.FLOOR, Role.FLOOR_RATE),
    *(Role.FACTOR, Role.NUMBER, Role.LR),
)
"""What else a number may be that another one could stand for."""


@dataclass(frozen=True, eq=False)
class Parameter:
    """One number of a schedule: ``put`` makes the schedule's parameters with another one there.

    It ``is_whole`` where it counts something; ``owner`` is the schedule inside another that it is of.
    """

    key: str
    role: Role
    value: float
    is_whole: bool
    put: Put
    owner: str = ""

    @property
    def name(self) -> str:
        """What it is called."""
        return f"{self.key} of {self.owner}" if self.owner else self.key

    @property
    def is_length(self) -> bool:
        """Whether it is the warmup or the length of the whole schedule."""
        return self.role in LENGTHS and not self.owner

    @property
    def is_base_lr(self) -> bool:
        """Whether it is the LR that the whole schedule is a share of, but for what it has as an LR itself."""
        return self.role is Role.BASE_LR and not self.owner


@dataclass(frozen=True, eq=False)
class Varied:
    """A param group of a run with another number in one place: its curves, each made once."""

    run: Resolved
    group: int
    parameter: Parameter
    made: dict[float, Timeline | None] = field(default_factory=dict)

    def line(self, value: float) -> Timeline | None:
        """The curve with this number; None where that is refused."""
        if value not in self.made:
            number = int(value) if self.parameter.is_whole else value
            try:
                run = resolved_again(self.run, self.parameter.put(number))
                self.made[value] = run.schedule.groups[self.group]["lr"]
            except LrvizError:
                self.made[value] = None
        return self.made[value]


def variations(run: Resolved, group: int) -> list[Varied]:
    """What may be otherwise in a schedule and in all inside it, as it is written or by default."""
    if run.start or run.resumed_at or run.metrics:
        return []  # its curve is not its own schedule's alone
    counted = {key: value for key, value in run.params.items() if isinstance(value, (int, float))}
    params = {key: counted.get(key, one) if isinstance(one, str) else one for key, one in run.spec.params}
    if "lr" in run.origins:  # it may stand beside the spec
        params.setdefault("lr", run.origins["lr"].value)
    found = _of_params(find(run.spec.name), tuple(params.items()), lambda changed: changed, "")
    return [Varied(run, group, parameter) for parameter in found]


def _of_params(entry: Entry, params: Params, put: Put, owner: str) -> Iterator[Parameter]:
    """The numbers of a schedule; what a key of the run says no default does."""
    said = {role for key, _ in params if key not in entry.params for role in roles_of(key)}
    defaults = ((one.name, one.default) for one in entry.params.values() if one.role not in said)
    for key, value in {**dict(defaults), **dict(params)}.items():
        own = entry.params.get(key)
        roles = (own.role,) if own else roles_of(key)
        if not roles:
            continue

        def put_value(changed: Any, key: str = key) -> Params:
            return put(tuple({**dict(params), key: changed}.items()))

        is_whole = roles[0] in COUNTS or (own is not None and _counts(own))
        yield from _of_value(entry, Parameter(key, roles[0], 0.0, is_whole, put_value, owner), value)


def _counts(param: Param) -> bool:
    """Whether it is a whole number to its framework."""
    return float not in param.types or type(param.default) is int


def _of_value(entry: Entry, at: Parameter, value: Value) -> Iterator[Parameter]:
    """The numbers in a value that stands where ``at`` says."""
    if isinstance(value, tuple):
        for place, one in enumerate(value):

            def put_part(changed: Any, place: int = place, whole: tuple[Value, ...] = value) -> Params:
                return at.put((*whole[:place], changed, *whole[place + 1 :]))

            part = Parameter(f"{at.key}[{place}]", at.role, 0.0, at.is_whole, put_part, at.owner)
            yield from _of_value(entry, part, one)
    elif isinstance(value, Call) and at.role is Role.SCHEDULES:
        call = value
        yield from _of_params(
            find_inner(entry, call.name),
            call.params,
            lambda changed: at.put(Call(call.name, changed)),
            call.name,
        )
    elif at.role in (*COUNTS, *SHARES) and isinstance(value, (int, float)) and not isinstance(value, bool):
        yield Parameter(at.key, at.role, value, at.is_whole, at.put, at.owner)
