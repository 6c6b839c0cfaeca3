"""``${a.b}`` of OmegaConf, and ``???`` for what is still to be said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lrviz.inputs.foreign.source import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

_WHOLE = re.compile(r"\$\{([\w.]+)\}", re.ASCII)
_PART = re.compile(r"\$\{([^{}]*)\}")
_DEEPEST = 20


def resolved(value: Any, data: Mapping[str, Any], depth: int = 0) -> Any:
    """A value with what it refers to in its place, Unknown where that cannot be told."""
    if not isinstance(value, str) or ("${" not in value and value != "???"):
        return value
    if value == "???":
        return Unknown("??? in the file")
    whole = _WHOLE.fullmatch(value)
    if whole and depth < _DEEPEST:
        found = _at(data, whole[1])
        if found is not None:
            return resolved(found, data, depth + 1)
    return Unknown(value, tuple(_PART.findall(value)))


def _at(data: Any, name: str) -> Any:
    for key in name.split("."):
        if not isinstance(data, dict) or key not in data:
            return None
        data = data[key]
    return data
