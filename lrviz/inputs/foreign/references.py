"""HyperPyYAML's ``!ref <lr>``, ``!ref <epochs> * <steps>`` and ``!copy <lr>``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.python.located import Spoiled
from lrviz.inputs.foreign.python.python_expressions import Expressions
from lrviz.inputs.foreign.python.python_syntax import parse_expression
from lrviz.inputs.foreign.setting import number_or_same
from lrviz.inputs.foreign.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

_TAGS = ("!ref", "!copy")
_NAME = re.compile(r"<([^<>]+)>")
_DEEPEST = 20


def dereferenced(value: Any, lookup: Callable[[str], Any], depth: int = 0) -> Any:
    """A value with what it refers to in its place, Unknown where that cannot be told.

    ``lookup`` gives what stands at a name, ``model.lr``, or None.
    """
    tag, _, text = value.partition(" ") if isinstance(value, str) else ("", "", "")
    if tag not in _TAGS:
        return value
    if depth > _DEEPEST:
        return Unknown(f"{value}, which leads back to itself")
    names = _NAME.findall(text)
    found = {name: number_or_same(dereferenced(lookup(name), lookup, depth + 1)) for name in names}
    if lacking := [name for name, one in found.items() if one is None or isinstance(one, Unknown)]:
        return Unknown(value, tuple(lacking))
    if _NAME.fullmatch(text.strip()):
        return found[names[0]]
    if all(isinstance(one, (int, float)) for one in found.values()):
        return _computed(_NAME.sub(lambda match: f"({found[match[1]]!r})", text), value)
    return _NAME.sub(lambda match: str(found[match[1]]), text)


def _computed(text: str, why: str) -> Any:
    """What an expression of numbers gives."""
    try:
        return Expressions(why, Spoiled()).visit(parse_expression(text))
    except (ConfigError, RecursionError):
        return text
