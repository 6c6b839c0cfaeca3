"""A file of assignments, ``config.env``: what it sets, without a command that would take it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lrviz.errors import ConfigError
from lrviz.inputs.foreign.source import Source
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from pathlib import Path

_ASSIGNED = re.compile(r"(?:export\s+)?([A-Za-z_]\w*)(\+?)=(.*)")


def read_env(text: str, name: str, folder: Path) -> Source:
    """The variables of its lines, as texts; ``+=`` adds a word. Nothing is expanded.

    Raises:
        ConfigError: it sets none.

    """
    data: dict[str, str] = {}
    places: dict[tuple[str | int, ...], Place] = {}
    for number, line in enumerate(text.splitlines(), 1):
        found = _ASSIGNED.fullmatch(line.strip())
        if found is None:
            continue
        key, adds, value = found[1], found[2], _unquoted(found[3].strip())
        data[key] = f"{data[key]} {value}" if adds and key in data else value
        places[key,] = Place(name, number, key)
    if not data:
        raise ConfigError(f"{name}: no NAME=value in it", hint="each line of it sets one: LEARNING_RATE=1e-4")
    return Source(name, "env", data, places, folder=folder)


def _unquoted(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1].strip() if is_quoted else value.partition(" #")[0].strip()
