"""The numbers of a plan's own schedule, each of which may have been another."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from lrviz.catalogue.names import find, find_inner
from lrviz.catalogue.roles import Role
from lrviz.errors import LrvizError
from lrviz.notation.numbers import is_number
from lrviz.notation.spec import Call
from lrviz.resolve.keys import KEYS, key_of, roles_of
from lrviz.resolve.resolved_again import resolved_again

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lrviz.catalogue.registry import Entry, Param
    from lrviz.engine.timeline import Timeline
    from lrviz.notation.spec import Params, Value
    from lrviz.resolve.resolved import Resolved

    Path = tuple[str | int, ...]

LENGTHS = (Role.WARMUP, Role.TOTAL)
OF_RUN = (*LENGTHS, Role.EPOCH_STEPS)
COUNTS = (*OF_RUN, Role.TICKS)
SHARES = (
    *(Role.BASE_LR, Role.WARMUP_FRACTION, Role.WARMUP_START, Role.FLOOR, Role.FLOOR_RATE),
    *(Role.FACTOR, Role.NUMBER, Role.LR),
)
"""What else a number may be that another one could stand for."""


class Place(NamedTuple):
    """Where a number stands, by keys and positions: there is ``sign`` times that number, and ``more``."""

    path: Path
    sign: int = 1
    more: float = 0


@dataclass(frozen=True, eq=False)
class Parameter:
    """One number of a schedule, and where it stands; it ``is_whole`` where it counts something.

    ``owner`` is the schedule inside another that it is of.
    """

    key: str
    role: Role
    value: float
    is_whole: bool
    places: tuple[Place, ...]
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

    def put(self, params: Params, value: float) -> Params:
        """The parameters with another number."""
        for place in self.places:
            number = place.sign * value + place.more
            params = replaced(params, place.path, int(number) if self.is_whole else number)
        return params


def replaced(whole: Any, path: Path, value: object) -> Any:
    """Parameters, a call or a list with another value at a path."""
    if not path:
        return value
    key, *rest = path
    if isinstance(whole, Call):
        return Call(whole.name, replaced(whole.params, path, value))
    if isinstance(key, int):
        return (*whole[:key], replaced(whole[key], (*rest,), value), *whole[key + 1 :])
    by_key = dict(whole)
    return tuple({**by_key, key: replaced(by_key.get(key), (*rest,), value)}.items())


@dataclass(frozen=True, eq=False)
class Varied:
    """A param group of a run with another number in one place: its curves, each made once."""

    run: Resolved
    group: int
    params: Params
    parameter: Parameter
    made: dict[float, Timeline | None] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How long the run is, as its schedule counts."""
        return self.run.ticks or self.run.plan.total_steps

    def line(self, value: float) -> Timeline | None:
        """The curve with this number; None where that is refused."""
        if value not in self.made:
            self.made[value] = line_of(self.run, self.group, self.parameter.put(self.params, value))
        return self.made[value]

    def is_beside(self, others: Iterable[Parameter]) -> bool:
        """Whether it stands nowhere where one of the others does."""
        here = {place.path for place in self.parameter.places}
        return all(
            here.isdisjoint(place.path for place in one.places) for one in others if one is not self.parameter
        )

    def among(self, others: Mapping[Parameter, float]) -> Varied:
        """This number open, where others are otherwise already."""
        params = self.params
        for parameter, value in others.items():
            params = parameter.put(params, value)
        return replace(self, params=params, made={}) if others else self


def variations(run: Resolved, group: int, warm: int) -> list[Varied]:
    """What may be otherwise in a schedule and in all inside it, as it is written or by default.

    Numbers that go together come first: where a warmup of ``warm`` ticks ends, what follows begins.
    """
    if not is_alone(run):
        return []
    entry = find(run.spec.name)
    counted = {key: value for key, value in run.params.items() if isinstance(value, (int, float))}
    lengths = {entry.params[key].role: value for key, value in counted.items() if key in entry.params}
    by_key = {key: lengths[role] for key in KEYS for role in roles_of(key) if role in lengths}
    counted = {**by_key, **counted}
    written = tuple((key, counted.get(key, one) if isinstance(one, str) else one) for key, one in said(run))
    found = list(_of_params(entry, written, (), ""))
    found += _beside(run, entry, {one.role for one in found if not one.owner})
    counts = (one for one in found if one.is_whole and not one.is_length)
    linked = _linked(counts, run.ticks or run.plan.total_steps, warm)
    return [Varied(run, group, written, parameter) for parameter in (*linked, *found)]


def is_alone(run: Resolved) -> bool:
    """Whether its curve is its own schedule's alone."""
    return not (run.start or run.resumed_at or run.metrics)


def line_of(run: Resolved, group: int, params: Params) -> Timeline | None:
    """The curve of a param group with other parameters; None where those are refused."""
    try:
        return resolved_again(run, params).schedule.groups[group]["lr"]
    except LrvizError:
        return None


def said(run: Resolved) -> Params:
    """What is said of a schedule, in its spec or beside it."""
    beside = [("lr", run.origins["lr"].value)] if "lr" in run.origins and run.spec.get("lr") is None else []
    return (*run.spec.params, *beside)


def _beside(run: Resolved, entry: Entry, known: Iterable[Role]) -> Iterator[Parameter]:
    """The lengths that a schedule has of its run, where its spec does not say them."""
    for name, value in run.params.items():
        own = entry.params.get(name)
        if own and own.role in OF_RUN and own.role not in known and type(value) is int:
            yield Parameter(
                key_of(own.role) or name, own.role, value, is_whole=True, places=(Place((name,)),)
            )


def _linked(counts: Iterable[Parameter], total: int, warm: int) -> Iterator[Parameter]:
    """Each number that stands in several places, or of which another is what is left to the end."""
    alike: dict[float, list[Parameter]] = {}
    for one in counts:
        alike.setdefault(one.value, []).append(one)
    order = [value for value in alike if 0 < value < total]
    rests = {value: total - value for at, value in enumerate(order) if total - value in order[at + 1 :]}
    for value, same in alike.items():
        places = [place for one in same for place in one.places]
        if value in rests:
            places += [Place(one.places[0].path, -1, total) for one in alike[rests[value]]]
        elif value == total:
            places += [Place(one.places[0].path, 1, -first) for first in rests for one in alike[rests[first]]]
        if len(places) > 1 and value:
            named = replace(same[0], role=Role.TICKS, places=tuple(places))
            key = "steps" if value == total else "warmup" if abs(value - warm) <= 1 else ""
            yield replace(named, key=key, owner="") if key else named


def _of_params(entry: Entry, params: Params, path: Path, owner: str) -> Iterator[Parameter]:
    """The numbers of a schedule; what a key of the run says no default does."""
    by_keys = {role for key, _ in params if key not in entry.params for role in roles_of(key)}
    defaults = ((one.name, one.default) for one in entry.params.values() if one.role not in by_keys)
    for key, value in {**dict(defaults), **dict(params)}.items():
        own = entry.params.get(key)
        roles = (own.role,) if own else roles_of(key)
        if roles:
            is_whole = roles[0] in COUNTS or (own is not None and _counts(own))
            at = Parameter(key, roles[0], 0.0, is_whole, (), owner)
            yield from _of_value(entry, at, (*path, key), value)


def _counts(param: Param) -> bool:
    """Whether it is a whole number to its framework, or each of several."""
    types = {part for kind in param.types for part in (kind, *get_args(kind))}
    return float not in types or type(param.default) is int


def _of_value(entry: Entry, at: Parameter, path: Path, value: Value) -> Iterator[Parameter]:
    """The numbers in a value that stands there."""
    if isinstance(value, tuple):
        for position, one in enumerate(value):
            part = replace(at, key=f"{at.key}[{position}]")
            yield from _of_value(entry, part, (*path, position), one)
    elif isinstance(value, Call) and at.role is Role.SCHEDULES:
        yield from _of_params(find_inner(entry, value.name), value.params, path, value.name)
    elif at.role in (*COUNTS, *SHARES) and is_number(value):
        yield replace(at, value=value, places=(Place(path),))
