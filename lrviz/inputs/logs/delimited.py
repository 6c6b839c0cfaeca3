"""A table with a line of names: which line that is, what stands between cells, the cells by column."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lrviz.errors import ConfigError
from lrviz.inputs.logs.log_format import RawColumn, Recorded
from lrviz.inputs.logs.names_of_columns import is_rate, place_column
from lrviz.inputs.logs.placing import EPOCH, place_of, placed
from lrviz.notation.finding import Finding
from lrviz.notation.numbers import counted, read_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from lrviz.inputs.logs.log_file import LogFile

TORN = "its last line has no end and is left out: it may be cut"
SHOWN = 1000
"""Rows whose texts tell how numbers are printed; they are spread over the table."""
_BLANK = " "
_BETWEEN = (",", ";", "\t", "|", _BLANK)
_BLOCK = 10_000
_FIRST = 2
"""Lines that are rows of a table where nobody named its columns."""


@dataclass(frozen=True)
class Header:
    """The line of names: which of the lines it is, and what stands between two."""

    line: int
    names: tuple[str, ...]
    between: str


def header_of(file: LogFile) -> Header | None:
    """The first line that is several names, one of them of a place; None where there is none."""
    if not file.is_text or (file.head[:1] and file.head[0].lstrip()[:1] in ("{", "[")):
        return None
    for at, line in enumerate(file.opening.splitlines()[:50]):
        for between in _BETWEEN:
            names = _cells(line, between)
            is_head = len(names) > 1 and place_column(names) and len({*names}) == len(names)
            if is_head and (between != _BLANK or _are_names(names)):
                return Header(at, tuple(names), between)
    return None


def column_names(file: LogFile) -> tuple[str, ...]:
    """The names of the columns of a table; none of anything else."""
    header = header_of(file)
    return header.names if header else ()


def refuse_nameless(file: LogFile) -> None:
    """Refuse a table whose first line is a row.

    Raises:
        ConfigError: it is one.

    """
    for between in _BETWEEN if file.is_text else ():
        rows = [_cells(line, between) for line in file.head[:_FIRST]]
        numbers = [[read_number(cell) for cell in row] for row in rows if len(row) > 1]
        if len(numbers) == _FIRST and all(None not in row for row in numbers):
            text = f"{file.name}: a table, and its first line is a row: no column has a name"
            raise ConfigError(text, hint="name them above it: step,lr")


def _are_names(words: Sequence[str]) -> bool:
    """Whether words between blanks are the names of columns, and no sentence or row that has a rate too."""
    return any(map(is_rate, words)) and not any(one[0].isdigit() or one[-1] in ":=," for one in words if one)


def _cells(line: str, between: str) -> list[str]:
    return [cell.strip() for row in _rows([line.strip("# ")], between) for cell in row]


def table_of(file: LogFile, **said: Any) -> Recorded:
    """The cells below the line of names, by column; nothing without one."""
    header = header_of(file)
    if header is None:
        return Recorded({})
    lines = file.lines[header.line + 1 :]
    findings = [Finding("log-torn", "note", TORN)] if lines and lines.pop() else []
    rates = said.get("rates") or [name for name in header.names if name == file.column or is_rate(name)]
    place, unit = place_of(header.names)
    is_there = not file.column or file.column in header.names  # of another, all that there are will be said
    columns = _numbers(lines, header, place, [name for name in rates if name != place]) if is_there else None
    if columns is not None:
        return Recorded(columns, **{"unit": unit, "findings": tuple(findings), **said})
    by_name, left_out = _by_name(lines, header, place)
    if left_out:
        text = f"{counted(left_out, 'line')} that are no rows are left out"
        findings.append(Finding("log-lines", "note", text))
    return placed(by_name, **{"findings": tuple(findings), **said})


def _numbers(
    lines: Sequence[str], header: Header, place: str, rates: Sequence[str]
) -> dict[str, RawColumn] | None:
    """The learning rates of a table without blanks and other lines, many times faster; None of any other."""
    if not (rates and lines):
        return None
    chosen = [header.names.index(name) for name in (place, *rates)]
    try:
        found = np.loadtxt(
            lines, delimiter=header.between, comments=None, usecols=chosen, ndmin=2, quotechar='"'
        )
        shown, _ = _by_name(lines[:: max(1, len(lines) // SHOWN)], header, place)
    except ValueError:
        return None
    if EPOCH in header.names and (np.diff(found[:, 0]) < 0).any():
        return None  # it may count the batches of each epoch
    return {name: RawColumn(found[:, 0], found[:, at], shown[name]) for at, name in enumerate(rates, 1)}


def _by_name(lines: Sequence[str], header: Header, place: str) -> tuple[dict[str, list[str]], int]:
    """The cells of each column, and how many lines are no rows, as a second heading behind a restart."""
    at, width = header.names.index(place), len(header.names)
    by_name: dict[str, list[str]] = {name: [] for name in header.names}
    left_out = 0
    for start in range(0, len(lines), _BLOCK):  # of all rows at once the garbage collector would look through
        rows = list(filter(None, _rows(lines[start : start + _BLOCK], header.between)))
        whole = [row for row in rows if len(row) == width and not row[at][:1].isalpha()]
        left_out += len(rows) - len(whole)
        for name, cells in zip(header.names, zip(*whole, strict=True), strict=False):
            by_name[name] += _with_points(cells) if header.between == ";" else cells
    return by_name, left_out


def _rows(lines: Sequence[str], between: str) -> list[list[str]]:
    """The cells of each line; of one that is no CSV none that count."""
    lines = list(map(str.strip, lines)) if between == _BLANK else lines
    try:
        return list(csv.reader(lines, delimiter=between, skipinitialspace=True))
    except csv.Error:
        return [[""]] if len(lines) == 1 else [row for line in lines for row in _rows([line], between)]


def _with_points(cells: Iterable[str]) -> tuple[str, ...]:
    """Numbers with decimal commas as every other country writes them."""
    return tuple(cell.replace(",", ".") for cell in cells)
