"""From an id and the framework's own arguments, taken literally, to a Schedule."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import NoneType
from typing import TYPE_CHECKING, Any

import numpy as np

from lrviz.catalogue.arguments import bind, check_numbers, invoke
from lrviz.catalogue.group import Group
from lrviz.catalogue.names import find
from lrviz.catalogue.param_types import check_group, is_too_large
from lrviz.catalogue.roles import Role
from lrviz.catalogue.schedule import Schedule
from lrviz.engine.built import timelines
from lrviz.errors import ScheduleError, expect
from lrviz.notation.numbers import read_number

if TYPE_CHECKING:
    from lrviz.catalogue.registry import Entry
    from lrviz.engine.timeline import Timeline


def _check_kinds(**given: Any) -> None:
    """Refuse an argument that is not of the kind its name says, each with one that is."""
    kinds: dict[str, tuple[tuple[type, ...], str, str]] = {
        "id": ((str,), "a schedule is called by its name", '"torch.StepLR"'),
        "params": ((Mapping, NoneType), "params are a mapping", '{"step_size": 30}'),
        "optimizer": ((str,), "an optimizer is called by its name", 'optimizer="adam"'),
        "dtype": ((str, NoneType), "a dtype is called by its name", 'dtype="float64"'),
        "default_lr": ((int, float, NoneType), "an LR is a number", "default_lr=1e-3"),
        "groups": ((list, tuple, NoneType), "groups are a list", 'groups=[{"lr": 1e-3}, {"lr": 1e-4}]'),
    }
    for name, value in given.items():
        kind, what, hint = kinds[name]
        expect(value, kind, what, hint=hint)


def schedule(  # noqa: PLR0913  (the stable interface; all but two are keywords)
    id: str,  # noqa: A002  (the name of the catalogue's key)
    params: Mapping[str, Any] | None = None,
    /,
    *,
    lr: float | Sequence[float] | None = None,
    optimizer: str = "sgd",
    metrics: Sequence[float] | None = None,
    dtype: str | None = None,
    default_lr: float | None = None,
    groups: Sequence[Mapping[str, float]] | None = None,
    **more: Any,
) -> Schedule:
    """Build the schedule ``id`` from the framework's own arguments, taken literally.

    ``lrviz.schedule`` tells what its arguments are.

    Raises:
        ScheduleError: the framework refuses to build it, or lrviz does not know it.
        ArgumentError: an argument is an object of another kind.

    """
    _check_kinds(id=id, params=params, optimizer=optimizer, dtype=dtype, default_lr=default_lr, groups=groups)
    if metrics is not None:
        check_numbers("metrics", metrics, "metrics=[0.9, 0.8]", dimensions=(1,))
    entry = find(id)
    _check_dtype(entry, dtype)
    arguments = bind(entry, {name: _frozen(value) for name, value in {**(params or {}), **more}.items()})
    own = entry.by_role(Role.BASE_LR)
    if lr is None and own is not None and not entry.framework.optimizer:
        lr = arguments.get(own.name)  # it is the schedule that sets the optimizer's
    if groups is not None:
        lr = _lrs_of(entry, lr, groups)
    lrs = _lrs(entry, lr)
    found = [
        Group(lrs, i, optimizer, metrics, default=default_lr, own=keys)
        for i, keys in enumerate(groups or [{}] * len(lrs))
    ]
    made = tuple(lines for group in found for lines in _groups_made(entry, arguments, group, dtype))
    looked_at = frozenset[str]().union(*(group.looked_at for group in found))
    several = isinstance(lr, Sequence) or len(made) > len(found)
    return Schedule(entry.id, made, several=several, looked_at=looked_at)


def _check_dtype(entry: Entry, dtype: str | None) -> None:
    dtypes = entry.framework.dtypes
    if dtype not in (None, *dtypes):
        raise ScheduleError(
            f"{entry.id} is computed in {' or '.join(dtypes)}, not in {dtype!r}", hint="leave dtype out"
        )


def _lrs_of(
    entry: Entry, lr: float | Sequence[float] | None, groups: Sequence[Mapping[str, float]]
) -> list[float] | None:
    """The LR of each group: its own, or that of the optimizer; None where one has neither.

    Raises:
        ScheduleError: the schedule has no groups, there are not as many LRs, or one holds what it cannot.
        ArgumentError: a group is no mapping.

    """
    if not entry.takes_group:
        raise ScheduleError(f"{entry.id} has no param groups", hint="leave groups out")
    for i, group in enumerate(groups):
        expect(group, Mapping, "a group is a mapping", hint='groups=[{"lr": 1e-3}, {"lr": 1e-4}]')
        check_group(entry, f"group {i}", group, ("lr",))
    lrs = lr if isinstance(lr, Sequence) else [lr] * len(groups)
    if len(lrs) != len(groups):
        raise ScheduleError(
            f"lr has {len(lrs)} values, there are {len(groups)} groups",
            hint="give lr one value, or one for each group",
        )
    said = [group.get("lr", one) for group, one in zip(groups, lrs, strict=True)]
    found = [one for one in said if one is not None]
    return found if len(found) == len(groups) else None


def _lrs(entry: Entry, lr: float | Sequence[float] | None) -> tuple[float, ...]:
    if not entry.takes_group:
        return (math.nan,)
    if lr is None:
        raise ScheduleError(f"{entry.id} moves the optimizer's LR, and none was given", hint="<lr=1e-3>")
    lrs = tuple(lr) if isinstance(lr, Sequence) else (lr,)
    for value in lrs:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ScheduleError(f"lr must be a number, got {value!r}", hint="<lr=1e-3>")
        if is_too_large(value):
            raise ScheduleError("lr is a number of over 308 digits, which leaves float64", hint="<lr=1e-3>")
    if any(value < 0 for value in lrs):
        raise ScheduleError(f"lr must not be negative, got {min(lrs)!r}", hint="<lr=1e-3>")
    if not lrs:
        raise ScheduleError("lr must have at least one value, got none", hint="<lr=1e-3>")
    return tuple(float(value) for value in lrs)


def _groups_made(
    entry: Entry, arguments: Mapping[str, Any], group: Group, dtype: str | None
) -> list[dict[str, Timeline]]:
    """What is made of a param group; a user's own schedule may bring several."""
    try:
        with np.errstate(all="ignore"):
            built = invoke(entry, arguments, group=group, dtype=dtype)
    except ScheduleError:
        raise
    except (ArithmeticError, ValueError) as error:
        # The functions compute as the frameworks do, and fail where their constructors fail.
        is_zero = isinstance(error, ZeroDivisionError)
        hint = "look for a parameter that is 0" if is_zero else "look for a very large or very small number"
        raise ScheduleError(f"{entry.id}: {error}", hint=hint) from None
    made = [timelines(one) for one in (built if isinstance(built, tuple) else (built,))]
    for timeline in (timeline for lines in made for timeline in lines.values()):
        if timeline.end <= 0:
            raise ScheduleError(timeline.why, hint=f"lrviz info {entry.id} tells what it takes", step=0)
    return made


def _frozen(value: Any) -> Any:
    """Lists as tuples, inside mappings too, whose keys are numbers where JSON has them as text."""
    if isinstance(value, Mapping):
        return {_key(name): _frozen(inner) for name, inner in value.items()}
    return tuple(_frozen(item) for item in value) if isinstance(value, (list, tuple)) else value


def _key(name: Any) -> Any:
    number = read_number(name) if isinstance(name, str) else None
    return name if number is None else number
