"""``${a.b}`` and ``${oc.env:NAME,default}`` of OmegaConf, and ``???`` for what is still to be said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.setting import Raw, literal
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from lrviz.inputs.foreign.environment import Environment

_PART = re.compile(r"\$\{(?:[\w.]*env:)?([\w.]+)(?:,[^{}]*)?\}", re.ASCII)
_VARIABLE = re.compile(r"\$\{[\w.]*env:([\w.]+)(?:,([^{}]*))?\}", re.ASCII)
_DECODED = re.compile(r"\$\{oc\.decode:([^{}]*)\}")
_RELATIVE = re.compile(r"\$\{(\.+)(?=\w)", re.ASCII)
_DEEPEST = 20


def resolved(value: object, stands: Callable[[str], Any], environment: Environment, depth: int = 0) -> Any:
    """A value with what it refers to in its place, Unknown where that cannot be told.

    ``stands`` tells what stands at a path of the whole configuration, after all that is laid over it.

    A name that is given is that within a text; alone, it is the one name of what is unknown.
    """
    if not isinstance(value, str) or ("${" not in value and value != "???"):
        return value
    if value == "???":
        return Unknown("??? in the file")
    given = environment.given
    whole = _PART.fullmatch(value)
    if whole and whole[1] not in given and depth < _DEEPEST:
        found = stands(whole[0][2:-1])
        if found is not None:
            return resolved(found, stands, environment, depth + 1)
    if not whole:
        value = _PART.sub(lambda part: given.get(part[1]) or _within(part, stands), value)
    value = _DECODED.sub(r"\1", _VARIABLE.sub(lambda part: _of(part, environment), value))
    if "${" not in value:
        return literal(Raw(value))
    needs_resolver = "${" in _PART.sub("", value)  # ${mul:${a},2}: its names alone do not tell it
    return Unknown(value, () if needs_resolver else tuple(_PART.findall(value)))


def _within(part: re.Match[str], stands: Callable[[str], Any]) -> str:
    """What a part of a text refers to, written out; the part itself where that refers on, or is no number."""
    found = None if ":" in part[0] else stands(part[1])
    is_plain = isinstance(found, (int, float)) or (isinstance(found, str) and "${" not in found)
    return str(found) if is_plain else part[0]


def filled_by_hand(value: object, environment: Environment) -> Any:
    """A value whose ``${…}`` its program leaves as they stand: what is given alone takes their place."""
    if not isinstance(value, str) or "${" not in value:
        return value
    text = _PART.sub(lambda part: environment.given.get(part[1], part[0]), value)
    if "${" not in text:
        return literal(Raw(text))
    return Unknown(f"{value}: its program fills nothing in", tuple(_PART.findall(value)))


def absolute(value: object, path: tuple[str, ...] = ()) -> Any:
    """What stands at a path, with ``${.a}`` and ``${..a}`` in it as seen from the top."""
    if isinstance(value, dict):
        return {key: absolute(one, (*path, str(key))) for key, one in value.items()}
    if isinstance(value, list):
        return [absolute(one, (*path, str(at))) for at, one in enumerate(value)]
    if not isinstance(value, str) or "${." not in value:
        return value
    return _RELATIVE.sub(lambda dots: "${" + "".join(f"{key}." for key in path[: -len(dots[1])]), value)


def _of(part: re.Match[str], environment: Environment) -> str:
    """The variable, or its default; what is written where neither is known, or ``--given`` has it."""
    default = part[2] and part[2].strip().strip("\"'")
    found = part[0] if part[1] in environment.given else environment.value(part[1], default)
    return part[0] if isinstance(found, Unknown) else str(found)
