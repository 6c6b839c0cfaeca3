"""How a hint writes the keys and tables of a config, in each of its languages."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from lrviz.errors import Style
from lrviz.inputs.config.tables import LISTED, SWEEP, TABLES
from lrviz.notation.numbers import read_number
from lrviz.notation.spec import LITERAL_KEYS, Call, Value, parse_value

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Language(NamedTuple):
    """A key with its value, the head of a table, and that of a list of tables."""

    line: str
    table: str
    listed: str


def _line(language: _Language, key: str, value: str) -> str:
    """``warmup = "6%"``; without a value the head of a table, or a key alone."""
    if not value:
        head = language.listed if key in LISTED else language.table if key in (*TABLES, SWEEP) else "{}"
        return head.format(key)
    if key in LITERAL_KEYS:
        return language.line.format(key, f'"{value}"')
    read = parse_value(value)
    if isinstance(read, tuple) and not any(isinstance(one, Call) for one in read):
        return language.line.format(key, f"[{', '.join(map(_text, read))}]")
    return language.line.format(key, _text(read if isinstance(read, str) else value))


def _text(value: Value) -> str:
    typed = str(value)
    return typed if read_number(typed) is not None or typed in ("true", "false") else f'"{typed}"'


_LANGUAGES = {
    "toml": _Language("{} = {}", "[{}]", "[[{}]]"),
    "json": _Language('"{}": {}', '"{}": {{…}}', '"{}": [{{…}}]'),
    "yaml": _Language("{}: {}", "{}:", "{}: [{{…}}]"),
}
STYLES: Mapping[str, Style] = {
    name: Style(partial(_line, language), ", ") for name, language in _LANGUAGES.items()
}
