"""The text of a config → what it says, and the line of every key: TOML, JSON and YAML."""

from __future__ import annotations

import importlib
import json
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

KeyPath = tuple[str | int, ...]
"""The way to a value: ``("schedule", 1, "gamma")``."""


@dataclass(frozen=True)
class Text:
    """What stands in the config called ``name``, and on which lines."""

    name: str
    data: Any
    lines: Mapping[KeyPath, int]

    def line(self, path: KeyPath) -> int:
        """The line of a key, or of the closest thing around it; 0 where there is none."""
        return next((self.lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self.lines), 0)

    def place(self, path: KeyPath) -> str:
        """``run.toml:7: schedule[1].gamma``."""
        line = self.line(path)
        return ": ".join(filter(None, [f"{self.name}:{line}" if line else self.name, path_text(path)]))


def path_text(path: KeyPath) -> str:
    """``schedule[1].gamma``."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).removeprefix(".")


def read_text(raw: bytes, name: str, suffix: str = "") -> Text:
    """Read a config; without a known suffix, text that opens with a brace is JSON and other text TOML.

    Raises:
        ConfigError: not UTF-8, not of its format, or a key given twice.

    """
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{name}:{line}: not UTF-8 text", hint="save it as UTF-8") from None
    kind = SUFFIXES.get(suffix.lower()) or ("json" if text.lstrip().startswith("{") else "toml")
    found = _Lines()
    data = {"toml": _toml, "json": _json, "yaml": _yaml}[kind](text, name, found) if text.strip() else None
    if found.twice:
        raise ConfigError(*(f"{name}:{fault}" for fault in found.twice), hint="keep one of them")
    return Text(name, data, found.lines)


@dataclass
class _Lines:
    """Where each key stands, gathered; a key given twice is no one's last word."""

    lines: dict[KeyPath, int] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)

    def add(self, path: KeyPath, line: int) -> None:
        if path in self.lines:
            self.twice.append(f"{line}: {path_text(path)}: given before, in line {self.lines[path]}")
        else:
            self.lines[path] = line


_HINTS = {
    "toml": 'TOML: warmup = "6%", texts in quotes',
    "json": 'JSON: "warmup": "6%", no comments, no comma before a closing bracket',
    "yaml": 'YAML: warmup: "6%", indented with spaces',
}


def _syntax(place: str, column: int, problem: str, kind: str) -> ConfigError:
    said = f"{problem[:1].lower()}{problem[1:]}".rstrip(".")
    return ConfigError(f"{place}: {said} (column {column})", hint=_HINTS[kind])


# --- TOML ------------------------------------------------------------------------------------------------

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]+)\]\]?\s*(?:#.*)?")
_TOML_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")


def _toml(text: str, name: str, found: _Lines) -> Any:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _PLACE.search(str(error))
        last = (text.count("\n") + 1, len(text) - text.rfind("\n"))
        line, column = (int(at[1]), int(at[2])) if at and at[1] else last
        raise _syntax(f"{name}:{line}", column, _PLACE.sub("", str(error)), "toml") from None
    _toml_lines(text, found)
    return data


def _toml_lines(text: str, found: _Lines) -> None:
    """A scan by line: what stands inside an inline table has the line of the key around it."""
    table: KeyPath = ()
    counts: dict[KeyPath, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.fullmatch(line):
            table = _toml_table(_keys(header[2]), counts, listed=header[1] == "[[")
            for way in (table, table[:-1] if header[1] == "[[" else table):
                found.lines.setdefault(way, number)
        elif key := _TOML_KEY.match(line):
            found.lines.setdefault((*table, *_keys(key[1])), number)


def _keys(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in dotted.split(".")]


def _toml_table(keys: list[str], counts: dict[KeyPath, int], *, listed: bool) -> KeyPath:
    """The way to a table, through the last one of every list of tables on it."""
    path: KeyPath = ()
    for depth, key in enumerate(keys, start=1):
        path = (*path, key)
        if listed and depth == len(keys):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


# --- JSON ------------------------------------------------------------------------------------------------

_JSON_TOKEN = re.compile(r'("(?:\\.|[^"\\])*")(\s*:)?|[{}\[\],]')


def _json(text: str, name: str, found: _Lines) -> Any:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise _syntax(f"{name}:{error.lineno}", error.colno, error.msg, "json") from None
    _json_lines(text, found)
    return data


def _json_lines(text: str, found: _Lines) -> None:
    """Walk over text known to be JSON: ``place`` holds a key or a number for each bracket open."""
    place: list[Any] = []
    line, seen = 1, 0
    for token in _JSON_TOKEN.finditer(text):
        line, seen = line + text.count("\n", seen, token.start()), token.start()
        sign = token[0][0]
        if token[2]:
            place[-1] = json.loads(token[1])
            found.add(tuple(place), line)
        elif sign in "{[":
            if place and isinstance(place[-1], int):
                found.add(tuple(place), line)
            place.append(0 if sign == "[" else "")
        elif sign in "}]":
            place.pop()
        elif sign == "," and isinstance(place[-1], int):
            place[-1] += 1


# --- YAML ------------------------------------------------------------------------------------------------


def _yaml(text: str, name: str, found: _Lines) -> Any:
    try:
        yaml = importlib.import_module("yaml")  # an extra: absent from most installations
    except ImportError:
        raise ConfigError(
            f"{name}: reading YAML needs PyYAML, which is not installed", hint='pip install "lrviz[yaml]"'
        ) from None
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node is not None:
            _yaml_lines(node, (), found)
        return loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise _syntax(f"{name}:{mark.line + 1}", mark.column + 1, str(error.problem), "yaml") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{name}: {str(error).splitlines()[0]}", hint="YAML is plain text") from None


def _yaml_lines(node: Any, path: KeyPath, found: _Lines) -> None:
    if node.id == "mapping":
        for key, value in node.value:
            if key.id == "scalar" and key.value != "<<":
                key.tag = (
                    "tag:yaml.org,2002:str"  # YAML takes "1" for a number and "no" for false, as keys too
                )
            found.add((*path, str(key.value)), key.start_mark.line + 1)
            _yaml_lines(value, (*path, str(key.value)), found)
    elif node.id == "sequence":
        for i, item in enumerate(node.value):
            found.add((*path, i), item.start_mark.line + 1)
            _yaml_lines(item, (*path, i), found)


SUFFIXES = {".toml": "toml", ".json": "json", ".yaml": "yaml", ".yml": "yaml"}
"""What a config may end in, and the language that means."""


def is_config(word: str) -> bool:
    """Whether a word of the command line is a config, there or missing, and no spec."""
    path = Path(word)
    try:
        if path.exists() and not path.is_dir():
            return True
    except (OSError, ValueError):  # too long for a file name
        return False
    return "=" not in word and (path.suffix.lower() in SUFFIXES or word.endswith("/"))
