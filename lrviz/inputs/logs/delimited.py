"""A table with a line of names: which line that is, what stands between cells, the cells by column."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lrviz.inputs.logs.log_format import RawColumn, Recorded
from lrviz.inputs.logs.names_of_columns import is_rate, place_column
from lrviz.notation.finding import Finding
from lrviz.notation.numbers import counted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from lrviz.inputs.logs.log_file import LogFile

_BETWEEN = (",", ";", "\t", "|")


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
            if len(names) > 1 and place_column(names) and len({*names}) == len(names):
                return Header(at, tuple(names), between)
    return None


def _cells(line: str, between: str) -> list[str]:
    row = next(csv.reader([line.lstrip("# ")], delimiter=between), [])
    return [cell.strip() for cell in row]


def table_of(file: LogFile, header: Header, **said: Any) -> Recorded:
    """The cells below the line of names, by column."""
    lines = file.lines[header.line + 1 :]
    torn = lines.pop() if lines else ""
    rows = list(csv.reader(lines, delimiter=header.between))
    width, findings = len(header.names), []
    whole = [row for row in rows if len(row) == width]
    if torn:
        findings.append(
            Finding("log-torn", "note", "its last line has no end and is left out: it may be cut")
        )
    place, unit = place_column(header.names) or (header.names[0], "update")
    at = header.names.index(place)
    left_out = sum(1 for row in rows if row) - len(whole)
    if left_out:
        findings.append(
            Finding("log-lines", "note", f"{counted(left_out, 'line')} that are no rows are left out")
        )
    by_column = list(zip(*whole, strict=True)) or [()] * width
    if header.between == ";":
        by_column = [_with_points(cells) for cells in by_column]
    columns = {
        name: RawColumn(by_column[at], cells)
        for name, cells in zip(header.names, by_column, strict=True)
        if name != place
    }
    return Recorded(columns, **{"unit": unit, "findings": tuple(findings), **said})


def _with_points(cells: Iterable[str]) -> tuple[str, ...]:
    """Numbers with decimal commas as every other country writes them."""
    return tuple(cell.replace(",", ".") for cell in cells)


def has_rate(header: Header) -> bool:
    """Whether a column is called like a learning rate."""
    return any(map(is_rate, header.names))
