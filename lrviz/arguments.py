"""A schedule's arguments, checked against its own signature."""

from __future__ import annotations

import difflib
import typing
from collections.abc import Mapping
from types import NoneType
from typing import Any

from lrviz.errors import ScheduleError
from lrviz.spec import Call, Value, render_value

if typing.TYPE_CHECKING:
    from lrviz.registry import Built, Entry, Group, Param


def bind(entry: Entry, params: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of the entry's function, checked against its signature.

    Raises:
        ScheduleError: an unknown or missing parameter, or a value of the wrong type.

    """
    nested = {} if entry.framework.nested in entry.ignores else params.get(entry.framework.nested) or {}
    given = {**params, **nested}
    dropped = {entry.framework.nested, *(name for name in entry.ignores if name not in entry.params)}
    given = {name: value for name, value in given.items() if name not in dropped}
    for name, value in given.items():
        param = entry.params.get(name)
        if param is None:
            raise _unknown_param(entry, name)
        if not accepts(param, value) and not (value is None and param.required):
            raise ScheduleError(
                f"{entry.id}: {name} must be {expected(param)}, got {value!r}",
                hint=f"{name}={_sample(entry, param)}",
            )
    for param in entry.params.values():
        if param.required and given.get(param.name) is None:
            raise ScheduleError(
                f"{entry.id} needs {param.name} ({param.role.value})",
                hint=f"give it: {entry.id}:{param.name}={_sample(entry, param)}",
            )
    return given


def call(
    entry: Entry, params: Mapping[str, Any], *, group: Group | None = None, dtype: str | None = None
) -> Built:
    """What the entry's function makes of these arguments, on a param group and in a dtype where it has them.

    Raises:
        ScheduleError: the arguments do not fit, or the framework refuses them.

    """
    return invoke(entry, bind(entry, params), group=group, dtype=dtype)


def invoke(entry: Entry, arguments: Mapping[str, Any], *, group: Group | None, dtype: str | None) -> Built:
    """The same with arguments that are already checked."""
    hidden: dict[str, Any] = {"group": group} if entry.takes_group else {}
    if entry.takes_dtype:
        hidden["dtype"] = dtype or entry.framework.dtype
    return entry.function(**hidden, **arguments)


def _unknown_param(entry: Entry, name: str) -> ScheduleError:
    close = difflib.get_close_matches(name, entry.params, n=1, cutoff=0.5)
    hint = f"did you mean {close[0]}?" if close else f"it has {', '.join(entry.params) or 'none'}"
    return ScheduleError(f"{entry.id} has no parameter {name!r}", hint=hint)


def expected(param: Param) -> str:
    """What a parameter takes, in words."""
    choices = [
        repr(choice)
        for kind in param.types
        if typing.get_origin(kind) is typing.Literal
        for choice in typing.get_args(kind)
    ]
    if choices:
        return f"one of {', '.join(choices)}"
    names = {float: "a number", int: "a whole number", bool: "true or false", str: "text"}
    names[Mapping[float, float]] = "a mapping"
    found = [names.get(kind, "a list") for kind in param.types if kind is not NoneType]
    return " or ".join(dict.fromkeys(found))


def written(value: Any) -> Value:
    """A nested schedule, ``{"schedule": …, "params": …}`` or ``{"type": …, …}``, as the call a spec has."""
    if isinstance(value, tuple):
        return tuple(map(written, value))
    if not isinstance(value, Mapping):
        return typing.cast("Value", value)
    if not value.keys() & {"schedule", "type"}:  # scales by their boundaries
        return tuple(f"{boundary}:{scale}" for boundary, scale in value.items())
    name = value.get("schedule") or value["type"]
    beside = {key: inner for key, inner in value.items() if key not in ("schedule", "type", "params")}
    params = {**(value.get("params") or {}), **beside}
    return Call(str(name), tuple((key, written(inner)) for key, inner in params.items()))


def _sample(entry: Entry, param: Param) -> str:
    """A value that may be typed for the parameter."""
    value = entry.example.get(param.name, None if param.required else param.default)
    return "…" if value is None else render_value(written(value))


def accepts(param: Param, value: Any) -> bool:
    """Whether ``value`` is of a type the parameter takes; an int is a float, a bool is neither."""
    return any(_is(kind, value) for kind in param.types)


def _is(kind: Any, value: Any) -> bool:
    origin = typing.get_origin(kind)
    if origin is typing.Literal:
        return value in typing.get_args(kind)
    if origin is tuple:
        return isinstance(value, tuple) and all(_is(typing.get_args(kind)[0], item) for item in value)
    if origin is Mapping:
        keys, values = typing.get_args(kind)
        return isinstance(value, Mapping) and all(_is(keys, k) and _is(values, v) for k, v in value.items())
    if kind in (int, float):
        return isinstance(value, (int, kind)) and not isinstance(value, bool)
    return kind is Any or isinstance(value, kind)
