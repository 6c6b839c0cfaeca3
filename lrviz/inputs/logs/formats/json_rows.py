"""JSON with one object for each row, as lines or as a list."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lrviz.inputs.logs.log_format import LogFormat, RawColumn, Recorded
from lrviz.inputs.logs.names_of_columns import is_rate, place_column
from lrviz.notation.finding import Finding
from lrviz.notation.numbers import counted

if TYPE_CHECKING:
    from lrviz.inputs.logs.log_file import LogFile

_LOOKED_AT = 50


def rows_of(file: LogFile) -> list[dict[str, Any]]:
    """The objects of a list, or of the lines that are whole."""
    if isinstance(file.data, list):
        return [row for row in file.data if isinstance(row, dict)]
    return [row for row in map(_row, file.lines) if row]


def head_of(file: LogFile) -> list[dict[str, Any]]:
    """The first of them; nothing where the file is something else."""
    if isinstance(file.data, list):
        return [row for row in file.data[:_LOOKED_AT] if isinstance(row, dict)]
    if isinstance(file.data, dict) and (len(file.head) > 1 or "name" in file.data):
        return []  # a document, or a config of a schedule in one line
    return [row for row in map(_row, file.head) if row]


def _row(line: str) -> dict[str, Any] | None:
    if not line.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def torn(file: LogFile) -> tuple[Finding, ...]:
    """What is left out: lines that begin an object and do not end it."""
    if isinstance(file.data, list):
        return ()
    bad = [
        at for at, line in enumerate(file.lines, 1) if line.lstrip().startswith("{") and _row(line) is None
    ]
    if not bad:
        return ()
    text = f"{counted(len(bad), 'line')} cut short and left out, the first is line {bad[0]}"
    return (Finding("log-torn", "note", text),)


def recorded(rows: list[dict[str, Any]], **said: Any) -> Recorded:
    """The rows by column, placed by the column that counts."""
    names = list(dict.fromkeys(key for row in rows for key in row))
    place, unit = place_column(names) or (names[0], "update")
    x = [row.get(place) for row in rows]
    columns = {name: RawColumn(x, [row.get(name) for row in rows]) for name in names if name != place}
    return Recorded(columns, unit=unit, **said)


def _claims(file: LogFile) -> bool:
    names = {name for row in head_of(file) for name in row}
    return bool(place_column(names)) and (any(map(is_rate, names)) or file.column in names)


def _read(file: LogFile) -> Recorded:
    return recorded(rows_of(file), findings=torn(file))


JSON_ROWS = LogFormat("JSON lines", _claims, _read, is_base=True)
