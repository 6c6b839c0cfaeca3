"""``${a.b}`` of OmegaConf, and ``???`` for what is still to be said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.source import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

_PART = re.compile(r"\$\{(?:[\w.]*env:)?([\w.]+)(?:,[^{}]*)?\}", re.ASCII)
_DEEPEST = 20


def resolved(value: Any, data: Mapping[str, Any], given: Mapping[str, str], depth: int = 0) -> Any:
    """A value with what it refers to in its place, Unknown where that cannot be told.

    A name that is ``given`` is that within a text; alone, it is the one name of what is unknown.
    """
    if not isinstance(value, str) or ("${" not in value and value != "???"):
        return value
    if value == "???":
        return Unknown("??? in the file")
    whole = _PART.fullmatch(value)
    if whole and whole[1] not in given and depth < _DEEPEST:
        found = _at(data, whole[0][2:-1])
        if found is not None:
            return resolved(found, data, given, depth + 1)
    if not whole:
        value = _PART.sub(lambda part: given.get(part[1], part[0]), value)
    if "${" not in value:
        return value
    needs_resolver = "${" in _PART.sub("", value)  # ${mul:${a},2}: its names alone do not tell it
    return Unknown(value, () if needs_resolver else tuple(_PART.findall(value)))


def _at(data: Any, name: str) -> Any:
    for key in name.split("."):
        if not isinstance(data, dict) or key not in data:
            return None
        data = data[key]
    return data
