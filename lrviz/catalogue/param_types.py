"""What a parameter takes: its types, in words."""

from __future__ import annotations

import math
import typing
from collections.abc import Mapping
from types import NoneType
from typing import Any

from lrviz.catalogue.nested import as_call
from lrviz.catalogue.roles import Role
from lrviz.errors import ScheduleError
from lrviz.notation.mending import mended
from lrviz.notation.nearest import near_hint, nearest
from lrviz.notation.numbers import is_number, is_too_long, read_number
from lrviz.notation.rendering import render_value

if typing.TYPE_CHECKING:
    from lrviz.catalogue.registry import Entry, Param


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
    found = [_IN_WORDS.get(kind, "a list") for kind in param.types if kind is not NoneType]
    return " or ".join(dict.fromkeys(found))


_IN_WORDS: Mapping[Any, str] = {
    float: "a number",
    int: "a whole number",
    bool: "true or false",
    str: "text",
    Any: "a function",
    object: "anything",
    Mapping[float, float]: "a mapping",
}
_SAMPLES = {Role.BASE_LR: "1e-3", Role.FLOOR: "1e-5"}
"""For roles whose usual values are far from those of their type."""


def sample(entry: Entry | None, param: Param) -> str:
    """A value that may be typed for the parameter: that of the entry's example, or its default."""
    example = entry.example if entry else {}
    value = example.get(param.name, None if param.required else param.default)
    return _sample(param) if value is None else render_value(as_call(value))


def sample_like(entry: Entry, param: Param, value: Any) -> str:
    """A value that the parameter takes and that was meant: ``linear`` for ``Linear``, ``0.1`` for ``0,1``."""
    if isinstance(value, tuple) and len(value) == 2 and all(type(one) is int for one in value):
        texts = [f"{value[0]}.{value[1]}"]
    elif isinstance(value, str):
        choices = [str(one) for kind in param.types for one in typing.get_args(kind)]
        near = nearest(value.lower(), choices, cutoff=0.7)
        texts = [*([near] if near else []), *mended(value)]
    else:
        texts = []
    return next((text for text in texts if accepts(param, _read(text))), "") or sample(entry, param)


def _read(text: str) -> Any:
    number = read_number(text)
    return text if number is None else number


def _sample(param: Param) -> str:
    """A value of the parameter's role, or of its type, where nothing is told."""
    if param.role in _SAMPLES:
        return _SAMPLES[param.role]
    choices = [typing.get_args(kind)[0] for kind in param.types if typing.get_origin(kind) is typing.Literal]
    if choices:
        return render_value(choices[0])
    one = "10" if param.role in DURATIONS or int in param.types else "0.1"
    is_list = all(typing.get_origin(kind) is tuple for kind in param.types if kind is not NoneType)
    return f"{one},{one}" if is_list and param.types else one


def check_group(entry: Entry, group: str, keys: Mapping[str, Any], beside: tuple[str, ...]) -> None:
    """Refuse what a param group of the entry's framework cannot hold; ``beside`` are keys of any group.

    Raises:
        ScheduleError: an unknown key, or a value that is no number.

    """
    known = (*beside, *entry.group_keys)
    for key, value in keys.items():
        if key not in known:
            hint = near_hint(str(key), known, f"it may have {', '.join(known)}", cutoff=0.5)
            raise ScheduleError(f"{group} of {entry.id} has no key {key!r}", hint=hint)
        if not is_number(value):
            raise ScheduleError(f"{group}: {key} must be a number, got {value!r}", hint=f'{{"{key}": 0.1}}')


def accepts(param: Param, value: Any) -> bool:
    """Whether ``value`` is of a type the parameter takes; an int is a float, a bool is neither."""
    return any(_is(kind, value) for kind in param.types)


def is_too_large(value: Any) -> bool:
    """Whether a whole number in it is beyond float64, which every formula computes in."""
    if isinstance(value, Mapping):
        return any(is_too_large(inner) for item in value.items() for inner in item)
    if isinstance(value, tuple):
        return any(map(is_too_large, value))
    return is_too_long(value)


def is_finite(value: Any) -> bool:
    """Whether no number in it is infinite or nan."""
    if isinstance(value, Mapping):
        return all(is_finite(inner) for item in value.items() for inner in item)
    if isinstance(value, tuple):
        return all(map(is_finite, value))
    return not isinstance(value, float) or math.isfinite(value)


def in_float64(param: Param, value: Any) -> Any:
    """The value, whole numbers beyond 64 bits as the floats a formula makes of them; a seed stays whole."""
    if isinstance(value, tuple):
        return tuple(in_float64(param, item) for item in value)
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    computes = param.role in DURATIONS or takes_fractions(param)
    return float(value) if is_whole and computes and abs(value) >= 2**63 else value


def _is(kind: Any, value: Any) -> bool:
    origin = typing.get_origin(kind)
    if origin is typing.Literal:
        return any(type(value) is type(word) and value == word for word in typing.get_args(kind))
    if origin is tuple:
        return isinstance(value, tuple) and all(_is(typing.get_args(kind)[0], item) for item in value)
    if origin is Mapping:
        keys, values = typing.get_args(kind)
        return isinstance(value, Mapping) and all(_is(keys, k) and _is(values, v) for k, v in value.items())
    if kind in (int, float):
        return isinstance(value, (int, kind)) and not isinstance(value, bool)
    return kind is Any or isinstance(value, kind)


DURATIONS = (Role.TICKS, Role.WARMUP, Role.TOTAL, Role.TOTAL_FACTOR, Role.RUN_TIME)


def takes_fractions(param: Param) -> bool:
    """Whether a number, alone or in a list, may lie between two whole ones."""
    return any(float in (kind, *typing.get_args(kind)) for kind in param.types)


def takes_text(param: Param) -> bool:
    """Whether a text, alone or in a list, is what it takes."""
    return any(str in (kind, *typing.get_args(kind)) for kind in param.types)


def is_choice(param: Param, word: str) -> bool:
    """Whether the parameter takes the word itself, which elsewhere means nothing at all."""
    return any(
        word in typing.get_args(kind) for kind in param.types if typing.get_origin(kind) is typing.Literal
    )
