"""The text of a config → what it says, and the line of every key: TOML, JSON and YAML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lrviz.errors import ConfigError
from lrviz.inputs.config import from_json, from_toml, from_yaml
from lrviz.inputs.config.hint_style import STYLES
from lrviz.inputs.config.lines import KeyPath, Lines, first_of, path_text
from lrviz.inputs.words import SUFFIXES
from lrviz.notation.origin import Place

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lrviz.errors import Style

_READERS = {"toml": from_toml.read, "json": from_json.read, "yaml": from_yaml.read}
_YAML = re.compile(r"---|%YAML|- |[^=\[]+?:(?:\s|$)")
"""How a first line begins that is YAML's and not TOML's."""


@dataclass(frozen=True)
class Text:
    """What stands in the config called ``name``, and on which lines."""

    name: str
    data: Any
    lines: Mapping[KeyPath, int]
    language: str
    odd: Mapping[KeyPath, tuple[str, str]] = field(default_factory=dict)  # numbers, as Lines has them
    before: Mapping[KeyPath, int] = field(default_factory=dict)
    quoted: Collection[KeyPath] = ()

    @property
    def style(self) -> Style:
        """How hints write the keys of its language."""
        return STYLES[self.language]

    def line(self, path: KeyPath) -> int:
        """The line of a key, or of the closest thing around it; 0 where there is none."""
        return next((self.lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self.lines), 0)

    def place(self, path: KeyPath) -> Place:
        """``run.toml:7: schedule[1].gamma``."""
        return Place(self.name, self.line(path), path_text(path))


def read_text(raw: bytes, name: str, suffix: str = "", *, lenient: bool = False) -> Text:
    """Read a config; without a known suffix its first line tells the language.

    ``lenient``: as others read their files, where the last of two equal keys counts and a tag is text.

    Raises:
        ConfigError: not UTF-8, not of its language, or a key given twice.

    """
    text = decode(raw, name)
    language = SUFFIXES.get(suffix.lower()) or _language(text)
    if not text.strip():
        return Text(name, None, {}, language)
    found = Lines(lenient=lenient)
    data = _READERS[language](text, name, found)
    if found.twice and not lenient:
        faults = first_of(name, [f"{name}:{fault}" for fault in found.twice])
        raise ConfigError(*faults, hint="keep one of them")
    return Text(name, data, found.lines, language, found.odd, found.before, found.quoted)


def decode(raw: bytes, name: str) -> str:
    """The text of a file.

    Raises:
        ConfigError: it is not UTF-8.

    """
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{name}:{line}: not UTF-8 text", hint="save it as UTF-8") from None


def _language(text: str) -> str:
    lines = (line.strip() for line in text.split("\n"))
    first = next((line for line in lines if line and not line.startswith("#")), "")
    if first.startswith("{"):
        return "json"
    return "yaml" if _YAML.match(first) else "toml"
