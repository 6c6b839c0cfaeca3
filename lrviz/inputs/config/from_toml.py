"""TOML: what it says, and the line of every key."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.config.lines import Lines, number_error, syntax_error
from lrviz.notation.text import brief

if TYPE_CHECKING:
    from lrviz.inputs.config.lines import KeyPath

_HINT = 'TOML: warmup = "6%", texts in quotes'
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]+)\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")


def read(text: str, name: str, found: Lines) -> Any:
    """Read TOML.

    Raises:
        ConfigError: it is none.

    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _PLACE.search(str(error))
        last = (text.count("\n") + 1, len(text) - text.rfind("\n"))
        line, column = (int(at[1]), int(at[2])) if at and at[1] else last
        said, row = _PLACE.sub("", str(error)), [*text.split("\n"), ""][line - 1]
        raise _fault(f"{name}:{line}", column, said, row) from None
    except ValueError:
        raise number_error(text, name) from None
    _lines(text, found)
    return data


def _fault(place: str, column: int, said: str, row: str) -> ConfigError:
    """What the parser says, and the key or the value of its line."""
    key = _HEADER.fullmatch(row) or _KEY.match(row)
    if key and said.startswith(("Cannot declare", "Cannot overwrite")):
        return ConfigError(f"{place}: {key[key.re.groups].strip()}: given before", hint="keep one of them")
    value = row[column - 1 :].strip() if said == "Invalid value" else ""
    return syntax_error(place, column, f"{said}: {brief(value)}" if value else said, _HINT)


def _lines(text: str, found: Lines) -> None:
    """A scan by line: what stands inside an inline table has the line of the key around it."""
    table: KeyPath = ()
    counts: dict[KeyPath, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.fullmatch(line):
            table = _table(_keys(header[2]), counts, listed=header[1] == "[[")
            for way in (table, table[:-1] if header[1] == "[[" else table):
                found.lines.setdefault(way, number)
        elif key := _KEY.match(line):
            found.lines.setdefault((*table, *_keys(key[1])), number)


def _keys(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in dotted.split(".")]


def _table(keys: list[str], counts: dict[KeyPath, int], *, listed: bool) -> KeyPath:
    """The way to a table, through the last one of every list of tables on it."""
    path: KeyPath = ()
    for depth, key in enumerate(keys, start=1):
        path = (*path, key)
        if listed and depth == len(keys):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path
