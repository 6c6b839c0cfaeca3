"""A spec's numbers in every other schedule of the catalogue: the role of each tells where it goes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lrviz.catalogue.names import HOMES, find
from lrviz.catalogue.registry import catalogue
from lrviz.catalogue.roles import Role
from lrviz.describe.description import Description
from lrviz.errors import LrvizError
from lrviz.identification.guess import Guess
from lrviz.identification.starting import warmup_of
from lrviz.notation.spec import parse_value
from lrviz.resolve.calls import has_epochs
from lrviz.resolve.keys import KEYS, key_of, roles_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from lrviz.catalogue.registry import Entry
    from lrviz.engine.timeline import Rates
    from lrviz.identification.seen import Seen
    from lrviz.notation.spec import Spec, Value

SCALED = ("lr", "min_lr", "warmup_start")
"""Keys whose numbers are found anew for each schedule: the values follow them in proportion."""
MOST_WORDS = 6
"""Words of a choice that are tried."""
ALIKE = 0.02
"""Share of the top that another framework's curve may be away with the numbers of this one,"""
TICKS = 4.0
"""and so many ticks' worth of a fall to 0: some count from 0, some from 1, some skip an end."""


def guesses_elsewhere(spec: Spec, seen: Seen) -> Iterator[Guess]:
    """Schedules of other names that come near with the numbers of a spec that does."""
    yield from _guesses(_by_role(spec), seen, but=find(spec.name))


def guesses_of_all(seen: Seen, total: int | None) -> Iterator[Guess]:
    """Schedules of every name that come near with a warmup, a length and a stretch as they are seen."""
    top, until = seen.ticks[[seen.top_at, seen.top_until]]
    warmup = warmup_of(seen) if seen.rises else round(top)  # a rise that is no line ends at the top
    warmup = min(warmup, round(top) + 1)
    floor = [round(seen.floor.first)] if seen.floor else []
    for end in dict.fromkeys([total] if total else [*floor, *seen.ends[:1]]):
        lengths: dict[Role, Value] = {Role.WARMUP: warmup, Role.TOTAL: end}
        for ticks in dict.fromkeys((0, round(until - top), round(end - until))):
            yield from _guesses({**lengths, Role.TICKS: ticks} if ticks > 0 else lengths, seen)


def _guesses(by_role: Mapping[Role, Value], seen: Seen, but: Entry | None = None) -> Iterator[Guess]:
    """Schedules that come near with these values."""
    for entry in catalogue().values():
        if entry is but or entry.by_role(Role.PHASES):
            continue
        curves: set[Hashable] = set()  # a word that changes nothing is no other guess
        for guess in _transferred(entry, by_role, seen):
            near = _alike(guess, by_role, seen)
            curve = near and (near.guess.scaled, near.values.tobytes())
            if near and curve not in curves:
                curves.add(curve)
                yield near.guess


def _by_role(spec: Spec) -> Mapping[Role, Value]:
    """The values of a spec by what they mean."""
    entry = find(spec.name)
    own = {name: param.role for name, param in entry.params.items()}
    roles = (
        (own[key] if key in own else next(iter(roles_of(key)), None), value) for key, value in spec.params
    )
    return {role: value for role, value in roles if role is not None}


def _transferred(entry: Entry, by_role: Mapping[Role, Value], seen: Seen) -> Iterator[Guess]:
    """The schedule with these values: alone, then with a floor of its own."""
    placed = _placed(entry, by_role)
    if placed is None:
        return
    start, fixed = placed
    if entry.of_roles(KEYS["warmup"].roles):
        start.setdefault("warmup", 0)
    if has_epochs(entry, fixed):
        fixed["interval"] = "step"
    described = Description(entry)
    name = described.name if entry.framework.name in HOMES else entry.id
    assumed = {
        key: parse_value(text)
        for key, text in described.starter.items()
        if key not in start and not key_of(entry.params[key].role)
    }
    fixed = {**assumed, **fixed} if name == entry.id else fixed
    scaled = ["lr", *_first_lr(entry, seen)]
    floor = ["min_lr"] if entry.of_roles(KEYS["min_lr"].roles) else []
    for chosen in _choices(entry, fixed):
        known = tuple({**fixed, **chosen}.items())
        for rates in ((*scaled,), (*scaled, *floor)) if floor else ((*scaled,),):
            yield Guess(name, [start], rates, fixed=known, in_run=True)


def _choices(entry: Entry, fixed: Mapping[str, Value]) -> Iterator[Mapping[str, Value]]:
    """What the schedule has unless told otherwise, then each other word of each of its few words."""
    yield {}
    for param in entry.of_roles((Role.IN_FRONT,)):
        yield {param.name: not param.default}
    for param in entry.of_roles((Role.CHOICE,)):
        if param.name not in fixed and len(param.words) <= MOST_WORDS:
            yield from ({param.name: word} for word in param.words if word != param.default)


def _placed(entry: Entry, by_role: Mapping[Role, Value]) -> tuple[dict[str, float], dict[str, Value]] | None:
    """Numbers to begin with and what is known, by its keys; None where it cannot say one of them."""
    start: dict[str, float] = {}
    fixed: dict[str, Value] = {}
    length = entry.by_role(Role.TOTAL)
    if length and length.name not in entry.ignores and Role.TOTAL not in by_role:
        return None
    for role, value in by_role.items():
        key = key_of(role)
        if key in SCALED or role is Role.LR:
            continue
        own = [] if key == "steps" else entry.of_roles(KEYS[key].roles if key else (role,))
        if key == "steps" or (key and own):
            start[key] = value if isinstance(value, int) else 0
        elif len(own) == 1 and isinstance(value, int) and not isinstance(value, bool):
            start[own[0].name] = value
        elif len(own) == 1:
            fixed[own[0].name] = value
        elif value or not key:
            return None
    return start, fixed


def _first_lr(entry: Entry, seen: Seen) -> Iterator[str]:
    """What says where a rise begins that does not begin at 0."""
    if seen.rises and seen.start > 0:
        own = entry.of_roles((Role.WARMUP_START, Role.LR))
        if len(own) == 1 and (own[0].role is Role.WARMUP_START or own[0].default is not None):
            yield key_of(own[0].role) or own[0].name


class Near(NamedTuple):
    """A guess that comes near as it is, and what it has at the rows then."""

    guess: Guess
    values: Rates


def _alike(guess: Guess, by_role: Mapping[Role, Value], seen: Seen) -> Near | None:
    """The guess, if it comes near as it is; without its run where that says nothing beside it."""
    said = {key_of(role): float(value) for role, value in by_role.items() if isinstance(value, float)}
    rates = {"lr": seen.top, "min_lr": seen.least, **said}
    numbers = {**guess.starts[0], **{key: rates.get(key, seen.start) for key in guess.scaled}}
    values = _values(guess, numbers, seen)
    if values is None or not _is_alike(values, seen):
        return None
    alone = replace(guess, in_run=False)
    built = _values(alone, numbers, seen)
    return Near(guess if built is None or (built != values).any() else alone, values)


def _values(guess: Guess, numbers: Mapping[str, float], seen: Seen) -> Rates | None:
    """What it has at the rows with these numbers; None where it is refused."""
    line = guess.line(numbers, int(seen.last) + 1)
    try:
        return None if line is None else line(seen.glance.ticks)
    except LrvizError:
        return None


def _is_alike(values: Rates, seen: Seen) -> bool:
    """Whether values come near the rows, as they are or in proportion."""
    slopes = np.abs(np.diff(seen.glance.values) / np.diff(seen.glance.ticks))
    moved = seen.stride * np.maximum(
        np.append(slopes, 0.0), np.append(0.0, slopes)
    )  # by the next row or the last
    room = (ALIKE + TICKS / max(1.0, seen.last)) * seen.top + moved
    # The top of a curve may be below its LR.
    scale = float(values @ seen.glance.values) / (float(values @ values) or 1.0)
    return any(bool(np.all(np.abs(values * by - seen.glance.values) <= room)) for by in (1.0, scale))
