"""A schedule's arguments, checked against its own signature."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Mapping
from types import NoneType
from typing import Any

import numpy as np

from lrviz.catalogue.nested import nested
from lrviz.catalogue.param_types import (
    accepts,
    expected,
    in_float64,
    is_finite,
    is_too_large,
    sample,
    sample_like,
)
from lrviz.catalogue.registry import START
from lrviz.catalogue.roles import Role
from lrviz.errors import ArgumentError, Lack, MissingParameterError, ScheduleError, UnknownParameterError
from lrviz.notation.nearest import nearest
from lrviz.notation.shell import shell_word
from lrviz.notation.text import listed

if typing.TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from numpy.typing import NDArray

    from lrviz.catalogue.group import Group
    from lrviz.catalogue.nested import Nested
    from lrviz.catalogue.registry import Entry, Param
    from lrviz.engine.built import Built

    Kind = typing.TypeVar("Kind")


def bind(entry: Entry, params: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of the entry's function, checked against its signature; schedules ready to be called.

    Raises:
        ScheduleError: an unknown or missing parameter, or a value of the wrong type.

    """
    given = check_values(entry, params)
    missing = [param for param in entry.params.values() if param.required and given.get(param.name) is None]
    if missing:
        raise _incomplete(entry, missing)
    return {name: _argument(entry, entry.params[name], value) for name, value in given.items()}


def _argument(entry: Entry, param: Param, value: Any) -> Any:
    if param.role not in (Role.SCHEDULES, Role.PHASES) or value is None:
        return in_float64(param, value)
    is_list = any(typing.get_origin(kind) is tuple for kind in param.types)
    return tuple(nested(entry, one) for one in value) if is_list else nested(entry, value)


def _incomplete(entry: Entry, missing: Sequence[Param]) -> MissingParameterError:
    """The refusal that names every parameter that is missing."""
    lacks = [Lack(f"{one.name} ({one.role.value})", one.name, sample(entry, one)) for one in missing]
    return MissingParameterError(
        f"{entry.id} needs {listed([lack.what for lack in lacks])}",
        hint=way_to_give(entry.id, lacks),
        schedule=entry.id,
        lacks=tuple(lacks),
        roles=[param.role for param in missing],
    )


def way_to_give(schedule: str, lacks: Sequence[Lack]) -> str:
    """The hint that has a schedule with all that it lacks."""
    word = f"{schedule}:{','.join(f'{lack.key}={lack.value}' for lack in lacks)}"
    return f"give {'it' if len(lacks) == 1 else 'them'}: {shell_word(word)}"


def check_values(entry: Entry, params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that are given, each known and of a type that is taken; none need be complete.

    Raises:
        ScheduleError: an unknown parameter, or a value of the wrong type.

    """
    given = {**params, **_held(entry, params)}
    for name in entry.inert.keys() & given.keys():
        _check_inert(entry, name, given[name])
    dropped = {
        *filter(None, [entry.framework.kwargs]),
        *entry.inert,
        *(name for name in entry.ignores if name not in entry.params),
    }
    given = {name: value for name, value in given.items() if name not in dropped}
    for name, value in given.items():
        param = entry.params.get(name)
        if param is None:
            raise _unknown_param(entry, name, value)
        _check(entry, param, value)
    return given


def _held(entry: Entry, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the parameter that holds further ones has, where there is one that is looked at."""
    holder = entry.framework.kwargs
    held = params.get(holder) if holder and holder not in entry.ignores else None
    if not isinstance(held, (Mapping, NoneType)):
        raise ScheduleError(
            f"{entry.id}: {holder} holds parameters by name, got {held!r}",
            hint=f"leave {holder} out, and give each by its own name",
        )
    return held or {}


def _check(entry: Entry, param: Param, value: Any) -> None:
    if is_too_large(value):
        raise ScheduleError(
            f"{entry.id}: {param.name} is a number of over 308 digits, which leaves float64",
            hint=f"<{param.name}={sample(entry, param)}>",
        )
    if not is_finite(value):
        raise ScheduleError(
            f"{entry.id}: {param.name} must be finite, got {value!r}",
            hint=f"<{param.name}={sample(entry, param)}>",
        )
    if not accepts(param, value) and not (value is None and param.required):
        raise ScheduleError(
            f"{entry.id}: {param.name} must be {expected(param)}, got {value!r}",
            hint=f"<{param.name}={sample_like(entry, param, value)}>",
        )


def _check_inert(entry: Entry, name: str, value: Any) -> None:
    """A parameter that makes no curve is taken at the values that do nothing."""
    values = entry.inert[name]
    if isinstance(value, (bool, int, float, str)) and value in values:
        return
    resumes = "resuming is a later step of the same curve: " if values == START else ""
    raise ScheduleError(
        f"{entry.id}: {name} must be {' or '.join(map(repr, values))}, got {value!r}",
        hint=f"{resumes}leave {name} out",
    )


def check_numbers(
    name: str, values: Any, example: str, *, dimensions: Container[int] = range(64)
) -> NDArray[np.float64]:
    """The values as an array of numbers.

    Raises:
        ArgumentError: they are none.

    """
    try:
        found = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        found = None
    if found is None or found.ndim not in dimensions:
        raise ArgumentError(f"{name} are numbers, got {type(values).__name__}", hint=example)
    return found


def call(inner: Nested, kind: type[Kind], *, group: Group | None = None, dtype: str | None = None) -> Kind:
    """The LR's part of a schedule inside another, on its param group and in its dtype where it has them.

    Raises:
        ScheduleError: the arguments do not fit, the framework refuses them, or makes no ``kind`` of them.

    """
    entry, built = inner.entry, None
    if group is not None or not entry.takes_group:
        built = invoke(entry, bind(entry, inner.params), group=group, dtype=dtype)
    part = built["lr"] if isinstance(built, Mapping) else built
    if not isinstance(part, kind):
        raise ScheduleError(f"{inner.owner.id} cannot hold {entry.id}", hint="use it alone")
    return part


def invoke(entry: Entry, arguments: Mapping[str, Any], *, group: Group | None, dtype: str | None) -> Built:
    """What the entry's function makes of arguments that are checked."""
    hidden: dict[str, Any] = {"group": group} if entry.takes_group else {}
    if entry.takes_dtype:
        hidden["dtype"] = dtype or entry.framework.dtype
    own = dict(arguments)
    for name, kind in entry.shared.items():
        hidden[name] = kind(**{key: own.pop(key) for key in inspect.signature(kind).parameters if key in own})
    return entry.function(**hidden, **own)


def _unknown_param(entry: Entry, name: str, value: Any) -> ScheduleError:
    close = nearest(str(name), entry.params, cutoff=0.5)
    near = [one for one in entry.params if one == close or name in one.split("_")] if close else []
    hint = f"did you mean {' or '.join(near)}?" if near else f"it has {', '.join(entry.params) or 'none'}"
    text = f"{entry.id} has no parameter {name!r}"
    error = UnknownParameterError(text, hint=hint, name=str(name), value=value, schedule=entry.id)
    error.near = near
    return error
