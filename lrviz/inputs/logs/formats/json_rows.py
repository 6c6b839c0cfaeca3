"""JSON with one object for each row, as lines or as a list."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lrviz.inputs.logs.log_format import LogFormat, Recorded
from lrviz.inputs.logs.names_of_columns import is_rate, place_column
from lrviz.inputs.logs.placing import placed
from lrviz.notation.finding import Finding
from lrviz.notation.numbers import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lrviz.inputs.logs.log_file import LogFile

_LOOKED_AT = 50
_BLOCK = 10_000


def rows_of(file: LogFile, bad: list[int]) -> Iterator[list[dict[str, Any]]]:
    """The objects of a list or of the lines, in blocks; ``bad`` gets the lines that are cut short."""
    if isinstance(file.data, list):
        yield [row for row in file.data if isinstance(row, dict)]
        return
    for start in range(0, len(file.lines), _BLOCK):
        lines = file.lines[start : start + _BLOCK]
        try:  # one call for all of them, which have nothing else between them
            found = json.loads(f"[{','.join(filter(str.strip, lines))}]")
        except (ValueError, RecursionError):
            rows = [_row(line) for line in lines]
            starts = enumerate(zip(lines, rows, strict=True), start + 1)
            bad += [at for at, (line, row) in starts if row is None and line.lstrip().startswith("{")]
            found = rows
        yield [row for row in found if isinstance(row, dict)]


def head_of(file: LogFile) -> list[dict[str, Any]]:
    """The first of them; nothing where the file is something else."""
    if isinstance(file.data, list):
        return [row for row in file.data[:_LOOKED_AT] if isinstance(row, dict)]
    if isinstance(file.data, dict):
        return []  # one object alone is a config
    return [row for row in map(_row, file.head) if row]


def _row(line: str) -> dict[str, Any] | None:
    if not line.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def recorded(file: LogFile, is_row: Callable[[dict[str, Any]], Any] = bool, **said: Any) -> Recorded:
    """The rows by column, placed by the column that counts; an object that ``is_row`` is one."""
    columns: dict[str, list[Any]] = {}
    count, bad = 0, list[int]()
    for block in rows_of(file, bad):
        rows = list(filter(is_row, block))
        if any(isinstance(cell, (list, dict)) for row in rows[:_LOOKED_AT] for cell in row.values()):
            rows = [dict(_flat(row)) for row in rows]
        for name in dict.fromkeys(key for row in rows for key in row):
            columns.setdefault(name, []).extend([None] * (count - len(columns.get(name, ()))))
            columns[name] += [row.get(name) for row in rows]
        count += len(rows)
    for cells in columns.values():
        cells.extend([None] * (count - len(cells)))
    findings = (Finding("log-torn", "note", _cut_short(bad)),) if bad else ()
    return placed(columns, findings=findings, **said)


def _flat(row: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The cells of an object, those of lists and objects in it by names as ``lr[0]`` and ``lr.head``."""
    for name, cell in row.items():
        if isinstance(cell, list):
            yield from ((f"{name}[{at}]", one) for at, one in enumerate(cell))
        elif isinstance(cell, dict):
            yield from _flat({f"{name}.{key}": one for key, one in cell.items()})
        else:
            yield name, cell


def _cut_short(bad: Sequence[int]) -> str:
    return f"{counted(len(bad), 'line')} cut short and left out, the first is line {bad[0]}"


def _claims(file: LogFile) -> bool:
    names = {name for row in head_of(file) for name in row}
    return bool(place_column(names)) and (any(map(is_rate, names)) or bool(file.column))


def _read(file: LogFile) -> Recorded:
    return recorded(file)


JSON_ROWS = LogFormat(
    "JSON lines",
    known_by="objects with a step or an epoch and an LR",
    row="the loop's own: x, x-1 or x+1",
    claims=_claims,
    read=_read,
    is_base=True,
)
